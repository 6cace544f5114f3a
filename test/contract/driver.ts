import { createHash } from 'node:crypto';
import type { FirewallSettings } from '../../src/core/settings.ts';
import { openCatalogue } from '../../src/pfsense/catalogue.ts';
import { connect, type SshConnection } from '../../src/ssh/connection.ts';
import { memoryLatch } from '../../src/ssh/latch.ts';
import { type PhpSession, type SnippetProgram, startPhpSession } from '../../src/ssh/php-session.ts';
import { resolveTarget } from '../../src/ssh/target.ts';

export const RUNNER = openCatalogue().runner();

export async function open(settings: FirewallSettings): Promise<SshConnection> {
  const target = await resolveTarget('fw', settings);
  return connect(target, { latch: memoryLatch(), signal: AbortSignal.timeout(15_000) });
}

export function session(connection: SshConnection, via: 'pfSsh' | 'php' = 'pfSsh'): Promise<PhpSession> {
  return startPhpSession(connection, { runner: RUNNER, via, lane: 'read', signal: AbortSignal.timeout(15_000) });
}

/** A snippet made for a test; the product never runs PHP that is not in the manifest. */
export function snippet(body: string): SnippetProgram {
  const source = `<?php\nreturn static function (array $in): array { ${body} };\n`;
  return { id: 'test/made', source, sha256: createHash('sha256').update(source).digest('hex') };
}

export async function ask(php: PhpSession, body: string, input: unknown = {}, deadlineMs = 5_000): Promise<unknown> {
  const signal = AbortSignal.timeout(deadlineMs + 1_000);
  return (await php.call(snippet(body), input, { deadlineMs, signal })).value;
}

/** PHP that kills what watches over a change, as when the power goes. */
export function killWatchers(planId: string): string {
  return `foreach (glob("/proc/[0-9]*/cmdline") as $file) {
    $line = (string) @file_get_contents($file);
    if (preg_match("~${planId}/(switch|watch)\\.php~", $line)) { posix_kill((int) basename(dirname($file)), 9); }
  }`;
}

/** Looks at a firewall, and prepares it, past the tools. */
export async function askOnce(
  login: FirewallSettings | undefined,
  body: string,
  input: unknown = {},
): Promise<unknown> {
  if (!login) throw new Error('The target has no such user.');
  const connection = await open(login);
  const php = await session(connection);
  try {
    return await ask(php, body, input, 20_000);
  } finally {
    await php.close();
    await connection.close();
  }
}

/** Polls until `check` holds; a test that waits a fixed time is either slow or wrong. */
export async function eventually(check: () => Promise<boolean>, ms: number): Promise<boolean> {
  const until = performance.now() + ms;
  while (performance.now() < until) {
    if (await check()) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return check();
}
