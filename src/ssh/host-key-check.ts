import type { ServerHostKeyAlgorithm } from 'ssh2';
import { PfsenseError } from '../core/errors.ts';
import { HOST_KEY_ALGORITHMS } from './algorithms.ts';
import { fingerprint, judgeHostKey, type KnownHost, knownKeyTypes } from './known-hosts.ts';
import { readKnownHosts, recordHostKey } from './known-hosts-file.ts';
import type { SshTarget } from './target.ts';

/** What to do with the key of a host that is not on record; `accept` because a person said so. */
export type UnknownHostKey = 'refuse' | 'accept';

/** The check of one handshake: is the key that the server shows the one on record? */
export class HostKeyCheck {
  readonly #target: SshTarget;
  readonly #unknown: UnknownHostKey;
  readonly #entries: readonly KnownHost[];
  #shown: Buffer | undefined;

  /** @throws PfsenseError `settings_invalid` when known_hosts cannot be read. */
  constructor(target: SshTarget, unknown: UnknownHostKey) {
    this.#target = target;
    this.#unknown = unknown;
    this.#entries = target.hostKey.kind === 'known_hosts' ? readKnownHosts(target.hostKey.file) : [];
  }

  get fingerprint(): string {
    return this.#shown ? fingerprint(this.#shown) : '';
  }

  /** Algorithms to ask for: types on record come first, so that a second key of the host is no false alarm. */
  algorithms(): ServerHostKeyAlgorithm[] {
    const { host, port } = this.#target;
    const known = knownKeyTypes(this.#entries, host, port);
    const isKnown = ({ type }: { readonly type: string }): boolean => known.includes(type);
    const others = HOST_KEY_ALGORITHMS.filter((wanted) => !isKnown(wanted));
    return [...HOST_KEY_ALGORITHMS.filter(isKnown), ...others].map(({ algorithm }) => algorithm);
  }

  /** The error that forbids going on, or undefined when the key is the right one. */
  judge(key: Buffer): PfsenseError | undefined {
    this.#shown = key;
    const { hostKey, host, port } = this.#target;
    if (hostKey.kind === 'pinned')
      return this.fingerprint === hostKey.fingerprint ? undefined : this.#refuse('changed');
    const verdict = judgeHostKey(this.#entries, host, port, key);
    if (verdict === 'unknown' && this.#unknown === 'accept') return recordHostKey(hostKey.file, host, port, key);
    return verdict === 'known' ? undefined : this.#refuse(verdict);
  }

  #refuse(verdict: 'unknown' | 'changed' | 'revoked'): PfsenseError {
    const { label } = this.#target;
    const said = {
      unknown: `The host key ${this.fingerprint} of ${label} is not known.`,
      changed: `${label} showed the host key ${this.fingerprint}, which is not the one on record.`,
      revoked: `The host key ${this.fingerprint} of ${label} is revoked.`,
    };
    return new PfsenseError(`host_key_${verdict}`, said[verdict], { phase: 'host_key' });
  }
}
