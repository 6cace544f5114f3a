import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PfsenseError } from '../core/errors.ts';
import { type KnownHost, knownHostsLine, parseKnownHosts } from './known-hosts.ts';

/** @throws PfsenseError `settings_invalid` when the file is there but cannot be read. */
export function readKnownHosts(file: string): KnownHost[] {
  return parseKnownHosts(readText(file));
}

/**
 * Appends a key that a person accepted. Works without waiting, because the handshake does not go on before.
 * Returns the error that forbids going on when the file cannot be written.
 */
export function recordHostKey(file: string, host: string, port: number, key: Buffer): PfsenseError | undefined {
  try {
    const text = readText(file);
    const gap = text === '' || text.endsWith('\n') ? '' : '\n';
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    appendFileSync(file, gap + knownHostsLine(host, port, key), { mode: 0o600 });
    return undefined;
  } catch (cause) {
    return unusable('The known_hosts file cannot be written.', cause);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw unusable('The known_hosts file cannot be read.', error);
  }
}

function unusable(message: string, cause: unknown): PfsenseError {
  return new PfsenseError('settings_invalid', message, { phase: 'host_key', cause });
}
