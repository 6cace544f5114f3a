import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import { PfsenseError } from '../core/errors.ts';
import { HOST_KEY_ALGORITHMS } from './algorithms.ts';
import {
  fingerprint,
  judgeHostKey,
  type KnownHost,
  knownHostsLine,
  knownKeyTypes,
  parseKnownHosts,
} from './known-hosts.ts';
import type { SshTarget } from './target.ts';

/** The check of one handshake: is the key that the server shows the one on record? */
export class HostKeyCheck {
  readonly #target: SshTarget;
  readonly #entries: readonly KnownHost[];
  #shown: Buffer | undefined;

  constructor(target: SshTarget) {
    this.#target = target;
    this.#entries = target.hostKey.kind === 'known_hosts' ? readEntries(target.hostKey.file) : [];
  }

  get fingerprint(): string {
    return this.#shown ? fingerprint(this.#shown) : '';
  }

  /** Algorithms to ask for: only types on record when there are any, so that another type is no false alarm. */
  algorithms(): ServerHostKeyAlgorithm[] {
    const { host, port } = this.#target;
    const known = knownKeyTypes(this.#entries, host, port);
    const wanted = HOST_KEY_ALGORITHMS.filter(({ type }) => known.length === 0 || known.includes(type));
    return (wanted.length > 0 ? wanted : HOST_KEY_ALGORITHMS).map(({ algorithm }) => algorithm);
  }

  /** The error that forbids going on, or undefined when the key is the right one. */
  judge(key: Buffer, unknown: 'refuse' | 'accept'): PfsenseError | undefined {
    this.#shown = key;
    const { hostKey, host, port } = this.#target;
    if (hostKey.kind === 'pinned')
      return this.fingerprint === hostKey.fingerprint ? undefined : this.#refuse('changed');
    const verdict = judgeHostKey(this.#entries, host, port, key);
    if (verdict === 'unknown' && unknown === 'accept') return this.#record(key, hostKey.file);
    return verdict === 'known' ? undefined : this.#refuse(verdict);
  }

  #record(key: Buffer, file: string): undefined {
    const { host, port } = this.#target;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    appendFileSync(file, knownHostsLine(host, port, key), { mode: 0o600 });
  }

  #refuse(verdict: 'unknown' | 'changed' | 'revoked'): PfsenseError {
    const { firewall } = this.#target;
    const said = {
      unknown: `The host key ${this.fingerprint} of ${firewall} is not known.`,
      changed: `${firewall} showed the host key ${this.fingerprint}, which is not the one on record.`,
      revoked: `The host key ${this.fingerprint} of ${firewall} is revoked.`,
    };
    return new PfsenseError(`host_key_${verdict}`, said[verdict], { phase: 'host_key' });
  }
}

function readEntries(file: string): KnownHost[] {
  try {
    return parseKnownHosts(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new PfsenseError('settings_invalid', 'The known_hosts file cannot be read.', {
      phase: 'host_key',
      cause: error,
    });
  }
}
