import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import SSHConfig from 'ssh-config';
import { PfsenseError } from '../core/errors.ts';
import { expandHome } from './expand-home.ts';

/** What ~/.ssh/config says about one host, as far as we use it. */
export interface HostConfig {
  readonly hostName?: string | undefined;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly identityFile?: string | undefined;
  readonly proxyJump?: string | undefined;
}

/** @throws PfsenseError `settings_invalid` when the file is there and makes no sense. */
export async function readSshConfig(home: string): Promise<SSHConfig> {
  const text = await readFile(join(home, '.ssh/config'), 'utf8').catch(() => '');
  try {
    return SSHConfig.parse(text);
  } catch (cause) {
    throw invalid('~/.ssh/config cannot be read.', cause);
  }
}

/** Keywords are known in any case; `Match exec` never matches, because nothing is run to read a file. */
export function hostConfig(config: SSHConfig, host: string, home: string): HostConfig {
  const found = config.compute({ Host: host }, { ignoreCase: true, matchExec: false });
  const hostName = first(found['hostname'])?.replaceAll('%h', host).replaceAll('%%', '%');
  const identityFile = first(found['identityfile'])
    ?.replaceAll('%d', home)
    .replaceAll('%h', hostName ?? host);
  return {
    hostName,
    port: portOf(first(found['port'])),
    user: first(found['user']),
    identityFile: identityFile && identityFile.toLowerCase() !== 'none' ? expandHome(identityFile, home) : undefined,
    proxyJump: first(found['proxyjump']),
  };
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw invalid('A Port in ~/.ssh/config is no port number.');
  return port;
}

function first(value: unknown): string | undefined {
  const [text] = [value].flat();
  return typeof text === 'string' ? text : undefined;
}

function invalid(message: string, cause?: unknown): PfsenseError {
  return new PfsenseError('settings_invalid', message, { phase: 'settings', cause });
}
