import type { Complexity } from '../core/bounds.ts';
import type { CallRecord, HealthSample } from './events.ts';
import type { FirewallMemory } from './memory.ts';
import { memoryStore } from './memory-store.ts';

/** What survives a restart: calls, health, breaker states and refused credentials. */
export interface Store {
  readonly kind: 'sqlite' | 'memory';
  /** Why it is not SQLite; undefined when it is. */
  readonly reason: string | undefined;
  record(call: CallRecord): void;
  recordHealth(sample: HealthSample): void;
  /** Calls that ended after `since` (milliseconds since the epoch), oldest first. */
  calls(since: number, firewall?: string): CallRecord[];
  health(since: number, firewall: string): HealthSample[];
  /** The newest successful or censored latencies of a class, oldest first. */
  latencies(firewall: string, complexity: Complexity): { ms: number; isCensored: boolean }[];
  loadBreaker(firewall: string): { state: string; savedAt: number } | undefined;
  saveBreaker(firewall: string, state: string, savedAt: number): void;
  /** Key of credential hashes; kept in a file of its own, so that the database alone cannot be searched for passwords. */
  hashKey(): Buffer;
  isLatched(firewall: string, credentialHash: string): boolean;
  latch(firewall: string, credentialHash: string): void;
  clear(firewall: string): void;
  /** What is remembered of one firewall over time: the use of its rules, its earlier states. */
  memoryOf(firewall: string): FirewallMemory;
  /** Writes what is still in memory and drops what is too old or too much. */
  prune(): void;
  close(): void;
}

export interface StoreOptions {
  /** State directory; created with mode 0700. */
  readonly folder: string;
  readonly retentionDays: number;
  readonly maxMegabytes: number;
}

/** Opens `alan.db` in the state directory; without SQLite an in-memory store serves and says why. */
export async function openStore(options: StoreOptions): Promise<Store> {
  try {
    const { sqliteStore } = await import('./store.ts');
    return await sqliteStore(options);
  } catch (error) {
    return memoryStore(reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') return 'better-sqlite3 is not installed';
  if (code === 'ERR_DLOPEN_FAILED') return 'the native part of better-sqlite3 does not load on this Node';
  return `the database cannot be opened (${/^[A-Z_]+$/.test(code) ? code : 'unknown reason'})`;
}
