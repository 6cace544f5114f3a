import { randomBytes } from 'node:crypto';

/**
 * Remembers refused credentials, so that no later connect, and no other process, offers them again: sshguard
 * blocks an address after about three failures. Entries are keyed hashes, never the credential.
 */
export interface CredentialLatch {
  /** Key of the hash; not stored next to the entries. */
  hashKey(): Buffer;
  isLatched(firewall: string, credentialHash: string): boolean;
  latch(firewall: string, credentialHash: string): void;
  /** Forgets the refusals of one firewall; a person said `--retry-auth`. */
  clear(firewall: string): void;
}

/** A latch that lives as long as the process. */
export function memoryLatch(): CredentialLatch {
  const key = randomBytes(32);
  const refused = new Map<string, Set<string>>();
  return {
    hashKey: () => key,
    isLatched: (firewall, hash) => refused.get(firewall)?.has(hash) ?? false,
    latch: (firewall, hash) => void refused.set(firewall, new Set(refused.get(firewall)).add(hash)),
    clear: (firewall) => void refused.delete(firewall),
  };
}
