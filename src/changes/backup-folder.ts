import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { PfsenseError } from '../core/errors.ts';

/** More than anybody saves within a second. */
const MOST_A_SECOND = 20;

/** Copies of configurations on this machine, in a folder for each firewall; secrets included, so for its user alone. */
export class BackupFolder {
  readonly #folder: string;

  constructor(stateDir: string) {
    this.#folder = join(stateDir, 'backups');
  }

  /**
   * Saves a configuration as a new file; never over one that is there.
   * @throws PfsenseError `client_storage` when it cannot be written, or does not read back as it was.
   */
  save(firewall: string, bytes: Buffer, sha256: string, nowMs: number): { path: string; bytes: number } {
    const folder = join(this.#folder, firewall);
    const stamp = new Date(nowMs).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const path = create(join(folder, `config-${firewall}-${stamp}`), bytes);
      if (createHash('sha256').update(readFileSync(path)).digest('hex') === sha256)
        return { path, bytes: bytes.length };
    } catch (cause) {
      throw failed('The backup could not be written.', cause);
    }
    throw failed('The backup does not read back as what the firewall sent.');
  }
}

/** O_EXCL: neither a file nor a link that is there is ever written through. */
function create(stem: string, bytes: Buffer): string {
  for (let count = 1; ; count += 1) {
    const path = `${stem}${count === 1 ? '' : `-${count}`}.xml`;
    try {
      const file = openSync(path, 'wx', 0o600);
      try {
        for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      return path;
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      if (!isTaken || count >= MOST_A_SECOND) throw error;
    }
  }
}

function failed(message: string, cause?: unknown): PfsenseError {
  return new PfsenseError('client_storage', message, { phase: 'reply', ...(cause === undefined ? {} : { cause }) });
}
