import { createHash } from 'node:crypto';
import type { ConfigTree } from '../config/model.ts';
import { parseConfigXml } from '../config/xml.ts';
import { MAX_REPLY_BYTES } from '../core/bounds.ts';
import { PfsenseError } from '../core/errors.ts';
import type { FirewallSettings } from '../core/settings.ts';
import { type ConnectOptions, connect, type SshConnection } from '../ssh/connection.ts';
import { runCommand } from '../ssh/run.ts';
import { resolveTarget } from '../ssh/target.ts';
import type { ConfigDocument, DetachedProgram } from './box.ts';

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
export async function readConfigFile(connection: SshConnection, signal: AbortSignal): Promise<ConfigDocument> {
  const options = { lane: 'health', signal, maxBytes: MAX_REPLY_BYTES } as const;
  const { stdout } = await runCommand(connection, 'readConfig', options);
  // A login shell may say something first.
  const start = Math.max(0, stdout.indexOf('<?xml'));
  const bytes = stdout.subarray(start);
  const text = bytes.toString('utf8');
  return { tree: parseConfigXml(text), text, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/**
 * A configuration that the firewall keeps, secrets included, by its number.
 * @throws PfsenseError `not_found`, `config_unreadable`
 */
export async function readRevisionFile(
  connection: SshConnection,
  revision: string,
  signal: AbortSignal,
): Promise<ConfigTree> {
  const options = { lane: 'health', signal, maxBytes: MAX_REPLY_BYTES, stdin: `${revision}\n` } as const;
  const { code, stdout } = await runCommand(connection, 'readRevision', options);
  if (code !== 0)
    throw new PfsenseError('not_found', 'The firewall keeps no such revision.', {
      phase: 'run',
      hint: 'pf_config_history without arguments lists those that it keeps.',
    });
  return parseConfigXml(stdout.subarray(Math.max(0, stdout.indexOf('<?xml'))).toString('utf8'));
}

/** @throws PfsenseError `switch_dead` when the programs of the change could not be started. */
export async function startDetached(
  connection: SshConnection,
  folder: string,
  names: readonly DetachedProgram[],
  signal: AbortSignal,
): Promise<void> {
  const stdin = `${[folder, ...names].join('\n')}\n`;
  const { stdout } = await runCommand(connection, 'detach', { lane: 'health', signal, maxBytes: 4_096, stdin });
  if (!stdout.toString('latin1').includes('started')) {
    throw new PfsenseError('switch_dead', 'The programs of the change did not start on the firewall.', {
      phase: 'start',
    });
  }
}

/** @throws PfsenseError `shell_unusable` when the firewall starts no programs any more. */
export async function probeShell(connection: SshConnection, signal: AbortSignal): Promise<void> {
  const { code, stdout } = await runCommand(connection, 'probe', { lane: 'health', signal, maxBytes: 4_096 });
  if (code !== 0 || !stdout.toString('latin1').includes('alive')) {
    throw new PfsenseError('shell_unusable', 'The firewall starts no programs.', { phase: 'run' });
  }
}
