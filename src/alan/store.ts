import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type BetterSqlite3 from 'better-sqlite3';
import { wallMs } from '../core/clock.ts';
import { outgoingText } from '../core/outlet.ts';
import type { CallRecord, HealthSample } from './events.ts';
import type { Store, StoreOptions } from './open.ts';
import { MIGRATIONS } from './schema.ts';

const BUSY_MS = 2_000;
const DAY_MS = 86_400_000;
const LATENCIES = 400;
const MEGABYTE = 1024 * 1024;

/** Calls are written together after this long at the latest, in milliseconds; `kill -9` loses no more than that. */
const FLUSH_MS = 500;
const FLUSH_ROWS = 64;

/** The store in `alan.db`. Several processes may share it (WAL). Loading better-sqlite3 may fail: the caller copes. */
export async function sqliteStore(options: StoreOptions): Promise<Store> {
  const { default: Database } = await import('better-sqlite3');
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const file = join(options.folder, 'alan.db');
  return new SqliteStore(openDatabase(Database, file), readKey(options.folder), options);
}

type DatabaseClass = typeof BetterSqlite3;

function openDatabase(Database: DatabaseClass, file: string): BetterSqlite3.Database {
  try {
    return migrated(new Database(file, { timeout: BUSY_MS }), file);
  } catch (error) {
    if (!isCorrupt(error)) throw error;
    // What was learned can be learned again; a broken file would stop every start.
    renameSync(file, `${file}.broken-${wallMs()}`);
    return migrated(new Database(file, { timeout: BUSY_MS }), file);
  }
}

function isCorrupt(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT';
}

function migrated(database: BetterSqlite3.Database, file: string): BetterSqlite3.Database {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  chmodSync(file, 0o600);
  const migrate = database.transaction(() => {
    const version = Number(database.pragma('user_version', { simple: true }));
    for (const step of MIGRATIONS.slice(version)) database.exec(step);
    if (version < MIGRATIONS.length) database.pragma(`user_version = ${MIGRATIONS.length}`);
  });
  migrate.immediate();
  return database;
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

interface CallRow {
  tool_name: string;
  complexity: CallRecord['complexity'];
  duration_ms: number;
  success: number;
  error_type: string | null;
  query_preview: string;
  timestamp: number;
  firewall: string;
  rung: string | null;
  censored: number;
}

class SqliteStore implements Store {
  readonly kind = 'sqlite';
  readonly reason = undefined;
  readonly #database: BetterSqlite3.Database;
  readonly #key: Buffer;
  readonly #options: StoreOptions;
  readonly #pending: CallRecord[] = [];
  readonly #insert: BetterSqlite3.Statement;
  readonly #flushTimer: NodeJS.Timeout;

  constructor(database: BetterSqlite3.Database, key: Buffer, options: StoreOptions) {
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

  /** Keeping records must never fail a call: with a full disk or a locked file they are lost. */
  #try(write: () => unknown): void {
    try {
      write();
    } catch {
      // Nothing depends on it.
    }
  }
}

function toRow(call: CallRecord): unknown[] {
  return [
    call.tool,
    call.complexity,
    call.durationMs,
    Number(call.success),
    call.errorType ?? null,
    call.preview,
    call.at,
    call.firewall,
    call.rung ?? null,
    Number(call.isCensored),
  ];
}

function toCall(row: CallRow): CallRecord {
  return {
    tool: row.tool_name,
    firewall: row.firewall,
    complexity: row.complexity,
    durationMs: row.duration_ms,
    success: row.success === 1,
    errorType: row.error_type ?? undefined,
    isCensored: row.censored === 1,
    rung: row.rung ?? undefined,
    preview: row.query_preview,
    at: row.timestamp,
  };
}
