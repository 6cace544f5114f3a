import type { ConfigTree } from '../config/model.ts';
import { parseConfigXml } from '../config/xml.ts';
import { MAX_REPLY_BYTES } from '../core/bounds.ts';
import { PfsenseError } from '../core/errors.ts';
import type { FirewallSettings } from '../core/settings.ts';
import { type ConnectOptions, connect, type SshConnection } from '../ssh/connection.ts';
import { runCommand } from '../ssh/run.ts';
import { resolveTarget } from '../ssh/target.ts';

// What needs the SSH library and the XML parser; loaded with the first call, as clients wait for the server's start.

export { startPhpSession } from '../ssh/php-session.ts';

/** Resolves the settings of one firewall and connects. */
export async function openConnection(
  name: string,
  settings: FirewallSettings,
  options: ConnectOptions,
): Promise<SshConnection> {
  return connect(await resolveTarget(name, settings), options);
}

/** The whole configuration, read without PHP. */
export async function readConfigFile(connection: SshConnection, signal: AbortSignal): Promise<ConfigTree> {
  const options = { lane: 'health', signal, maxBytes: MAX_REPLY_BYTES } as const;
  const { stdout } = await runCommand(connection, 'readConfig', options);
  // A login shell may say something first.
  return parseConfigXml(stdout.toString('utf8').replace(/^[^<]*(?=<\?xml)/, ''));
}

/** @throws PfsenseError `shell_unusable` when the firewall starts no programs any more. */
export async function probeShell(connection: SshConnection, signal: AbortSignal): Promise<void> {
  const { code, stdout } = await runCommand(connection, 'probe', { lane: 'health', signal, maxBytes: 4_096 });
  if (code !== 0 || !stdout.toString('latin1').includes('alive')) {
    throw new PfsenseError('shell_unusable', 'The firewall starts no programs.', { phase: 'run' });
  }
}
