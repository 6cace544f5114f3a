import { KINDS } from '../src/changes/kinds/index.ts';
import type { FirewallSettings } from '../src/core/settings.ts';
import { commandLine } from '../src/ssh/commands.ts';
import { connect, type SshConnection } from '../src/ssh/connection.ts';
import { memoryLatch } from '../src/ssh/latch.ts';
import { resolveTarget } from '../src/ssh/target.ts';
import { askOnce } from '../test/contract/driver.ts';
import { aliasesWithRules } from '../test/contract/many.ts';
import { startTrials } from '../test/contract/trials.ts';

const PAIRS = 50;
/** One by one takes long, so it is measured on some and told per object. */
const SHELLS = 10;
const SHELL_ALIASES = Array.from({ length: SHELLS }, (_, n) => `shell_${process.pid}_${n}`);

/**
 * A hundred objects (50 aliases, 50 rules) as one plan, with everything from the plan to the confirmation, next to what
 * people do otherwise: a developer shell for each object, which writes and reloads. Times are in milliseconds.
 */
export async function benchChanges(login: FirewallSettings) {
  const onePlanMs = await timed(() => inOnePlan(login));
  const shellsMs = await timed(() => oneByOne(login));
  await ensureWritten(login);
  const perObject = { onePlan: onePlanMs / (2 * PAIRS), shells: shellsMs / SHELLS };
  return {
    objects: 2 * PAIRS,
    onePlanMs: Math.round(onePlanMs),
    perObjectMs: { onePlan: rounded(perObject.onePlan), shells: rounded(perObject.shells) },
    ratio: rounded(perObject.shells / perObject.onePlan),
  };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

async function inOnePlan(login: FirewallSettings): Promise<void> {
  const trials = startTrials(login, KINDS);
  try {
    const plan = await trials.plan(aliasesWithRules(`bench_${process.pid}`, PAIRS), 300);
    await trials.begin(plan);
    await trials.confirm(plan);
  } finally {
    await trials.close();
  }
}

async function oneByOne(login: FirewallSettings): Promise<void> {
  const signal = AbortSignal.timeout(300_000);
  const connection = await connect(await resolveTarget('bench', login), { latch: memoryLatch(), signal });
  try {
    for (const name of SHELL_ALIASES) await inShell(connection, name, signal);
  } finally {
    await connection.close();
  }
}

async function inShell(connection: SshConnection, name: string, signal: AbortSignal): Promise<void> {
  const command = commandLine('pfSsh', connection.target.privilege);
  const channel = await connection.exec(command, { lane: 'read', signal });
  channel.onStdout(() => undefined);
  channel.onStderr(() => undefined);
  channel.write(
    [
      'global $config;',
      "require_once('filter.inc');",
      "require_once('shaper.inc');",
      `$config['aliases']['alias'][] = array('name' => '${name}', 'type' => 'host', 'address' => '198.18.0.1', 'descr' => '', 'detail' => '');`,
      "write_config('a benchmark');",
      'filter_configure_sync();',
      'exec',
      'exit',
      '',
    ].join('\n'),
  );
  channel.end();
  await channel.exit;
}

/** A side that did nothing would be the fastest. */
async function ensureWritten(login: FirewallSettings): Promise<void> {
  const written = await askOnce(login, "return array_column($GLOBALS['config']['aliases']['alias'], 'name');");
  const missing = SHELL_ALIASES.filter((name) => !(written as string[]).includes(name));
  if (missing.length > 0) throw new Error(`The shells did not write ${missing.join(', ')}.`);
}
