import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wallMs } from '../core/clock.ts';
import { outgoingText } from '../core/outlet.ts';
import { type CallRow, toCall, toRow } from './call-table.ts';
import { type Database, openDatabase, type Statement } from './database.ts';
import type { CallRecord, HealthSample } from './events.ts';
import type { FirewallMemory } from './memory.ts';
import type { Store, StoreOptions } from './open.ts';
import { isWorthWriting, observe, type RuleSample, type RuleWatch } from './rule-watch.ts';
import { loadRuleWatch, saveRuleWatch } from './rule-watch-table.ts';
import { addSnapshot, loadSnapshots } from './snapshot-table.ts';
import { quantile } from './statistics.ts';

const DAY_MS = 86_400_000;
/** What is expected of a tool follows its last so many calls. */
const LAST_CALLS = 50;
const LATENCIES = 400;
const MEGABYTE = 1024 * 1024;

/** Calls are written together after this long at the latest, in milliseconds; `kill -9` loses no more than that. */
const FLUSH_MS = 500;
const FLUSH_ROWS = 64;

/** The store in `alan.db`. Several processes may share it (WAL). */
export async function sqliteStore(options: StoreOptions): Promise<Store> {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  return new SqliteStore(await openDatabase(join(options.folder, 'alan.db')), readKey(options.folder), options);
}

function readKey(folder: string): Buffer {
  const file = join(folder, 'latch.key');
  // `wx`: of two processes that start together one writes, both read.
  if (!existsSync(file)) {
    try {
      writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
    } catch {
      // Somebody else was first.
    }
  }
  return Buffer.from(readFileSync(file, 'utf8'), 'hex');
}

class SqliteStore implements Store {
  readonly kind = 'sqlite';
  readonly reason = undefined;
  readonly #database: Database;
  readonly #key: Buffer;
  readonly #options: StoreOptions;
  readonly #pending: CallRecord[] = [];
  readonly #insert: Statement;
  readonly #flushTimer: NodeJS.Timeout;

  constructor(database: Database, key: Buffer, options: StoreOptions) {
    this.#database = database;
    this.#key = key;
    this.#options = options;
    this.#insert = database.prepare(
      `INSERT INTO query_metrics (tool_name, complexity, duration_ms, success, error_type, query_preview, timestamp, firewall, rung, censored)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#flushTimer = setInterval(() => this.#flush(), FLUSH_MS).unref();
    this.prune();
  }

  record(call: CallRecord): void {
    this.#pending.push({ ...call, preview: outgoingText(call.preview) });
    if (this.#pending.length >= FLUSH_ROWS) this.#flush();
  }

  recordHealth({ firewall, ok, durationMs, at }: HealthSample): void {
    this.#try(() =>
      this.#database
        .prepare('INSERT INTO health_samples (firewall, ok, duration_ms, timestamp) VALUES (?, ?, ?, ?)')
        .run(firewall, Number(ok), durationMs, at),
    );
  }

  calls(since: number, firewall?: string): CallRecord[] {
    this.#flush();
    const rows = this.#database
      .prepare<[number, string | null, string | null], CallRow>(
        'SELECT * FROM query_metrics WHERE timestamp > ? AND (? IS NULL OR firewall = ?) ORDER BY id',
      )
      .all(since, firewall ?? null, firewall ?? null);
    return rows.map(toCall);
  }

  health(since: number, firewall: string): HealthSample[] {
    const rows = this.#database
      .prepare<[string, number], { ok: number; duration_ms: number; timestamp: number }>(
        'SELECT ok, duration_ms, timestamp FROM health_samples WHERE firewall = ? AND timestamp > ? ORDER BY id',
      )
      .all(firewall, since);
    return rows.map((row) => ({ firewall, ok: row.ok === 1, durationMs: row.duration_ms, at: row.timestamp }));
  }

  latencies(firewall: string, complexity: string): { ms: number; isCensored: boolean }[] {
    const rows = this.#database
      .prepare<[string, string, number], { duration_ms: number; censored: number }>(
        `SELECT duration_ms, censored FROM query_metrics
         WHERE firewall = ? AND complexity = ? AND (success = 1 OR censored = 1) ORDER BY id DESC LIMIT ?`,
      )
      .all(firewall, complexity, LATENCIES);
    return rows.reverse().map((row) => ({ ms: row.duration_ms, isCensored: row.censored === 1 }));
  }

  loadBreaker(firewall: string): { state: string; savedAt: number } | undefined {
    const row = this.#database
      .prepare<[string], { state: string; saved_at: number }>(
        'SELECT state, saved_at FROM breaker_states WHERE firewall = ?',
      )
      .get(firewall);
    return row && { state: row.state, savedAt: row.saved_at };
  }

  saveBreaker(firewall: string, state: string, savedAt: number): void {
    this.#try(() =>
      this.#database.prepare('INSERT OR REPLACE INTO breaker_states VALUES (?, ?, ?)').run(firewall, state, savedAt),
    );
  }

  hashKey(): Buffer {
    return this.#key;
  }

  isLatched(firewall: string, hash: string): boolean {
    return (
      this.#database
        .prepare('SELECT 1 FROM refused_credentials WHERE firewall = ? AND credential_hash = ?')
        .get(firewall, hash) !== undefined
    );
  }

  latch(firewall: string, hash: string): void {
    this.#try(() =>
      this.#database
        .prepare('INSERT OR REPLACE INTO refused_credentials VALUES (?, ?, ?)')
        .run(firewall, hash, wallMs()),
    );
  }

  clear(firewall: string): void {
    this.#database.prepare('DELETE FROM refused_credentials WHERE firewall = ?').run(firewall);
  }

  memoryOf(firewall: string): FirewallMemory {
    return {
      isLasting: true,
      watchRules: (sample) => this.#watchRules(firewall, sample),
      expectedMs: (tool, complexity) => this.#attempt(() => this.#expectedMs(firewall, tool, complexity)) ?? null,
      snapshots: () => this.#attempt(() => loadSnapshots(this.#database, firewall)) ?? [],
      keepSnapshot: (snapshot) =>
        void this.#attempt(() =>
          this.#database.transaction(() => addSnapshot(this.#database, firewall, snapshot)).immediate(),
        ),
    };
  }

  /** By the last calls alone, so that it costs little however much is kept. */
  #expectedMs(firewall: string, tool: string, complexity: string): number | null {
    this.#flush();
    const times = this.#database
      .prepare<[string, string, string, number], { duration_ms: number }>(
        'SELECT duration_ms FROM query_metrics WHERE firewall = ? AND complexity = ? AND tool_name = ? AND success = 1 ORDER BY id DESC LIMIT ?',
      )
      .all(firewall, complexity, tool, LAST_CALLS);
    return quantile(
      times.map((row) => row.duration_ms).sort((a, b) => a - b),
      0.5,
    );
  }

  prune(): void {
    this.#try(() => {
      const before = wallMs() - this.#options.retentionDays * DAY_MS;
      this.#database.prepare('DELETE FROM query_metrics WHERE timestamp < ?').run(before);
      this.#database.prepare('DELETE FROM health_samples WHERE timestamp < ?').run(before);
      if (this.#usedBytes() > this.#options.maxMegabytes * MEGABYTE) this.#dropOldest();
    });
  }

  close(): void {
    clearInterval(this.#flushTimer);
    this.#flush();
    this.#database.close();
  }

  #watchRules(firewall: string, sample: RuleSample): RuleWatch {
    const read = (): RuleWatch | undefined => loadRuleWatch(this.#database, firewall);
    const known = this.#attempt(read);
    const watch = observe(known, sample);
    if (!isWorthWriting(known, watch)) return watch;
    // Read again where nobody else can write: several processes watch the same firewall.
    const write = this.#database.transaction(() => {
      const latest = observe(read(), sample);
      saveRuleWatch(this.#database, firewall, latest);
      return latest;
    });
    return this.#attempt(() => write.immediate()) ?? watch;
  }

  #usedBytes(): number {
    const count = (name: string): number => Number(this.#database.pragma(name, { simple: true }));
    return (count('page_count') - count('freelist_count')) * count('page_size');
  }

  /** A quarter at once, so that the cap is not met again by the next call. */
  #dropOldest(): void {
    this.#database.exec(`
      DELETE FROM query_metrics WHERE id <= (SELECT min(id) + (max(id) - min(id)) / 4 FROM query_metrics);
      DELETE FROM health_samples WHERE id <= (SELECT min(id) + (max(id) - min(id)) / 4 FROM health_samples);
      VACUUM;`);
  }

  #flush(): void {
    const calls = this.#pending.splice(0);
    if (calls.length === 0) return;
    this.#try(() => this.#database.transaction(() => calls.forEach((call) => void this.#insert.run(...toRow(call))))());
  }

  #try(write: () => unknown): void {
    this.#attempt(write);
  }

  /** Keeping records must never fail a call: with a full disk or a locked file they are lost. */
  #attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch {
      return undefined;
    }
  }
}
