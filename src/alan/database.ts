import { chmodSync, renameSync } from 'node:fs';
import type BetterSqlite3 from 'better-sqlite3';
import { wallMs } from '../core/clock.ts';
import { MIGRATIONS } from './schema.ts';

const BUSY_MS = 2_000;

export type Database = BetterSqlite3.Database;
export type Statement = BetterSqlite3.Statement;

/**
 * Opens or makes the file, with the tables of this version; a broken one is put aside. Loading better-sqlite3 may fail:
 * the caller copes.
 */
export async function openDatabase(file: string): Promise<Database> {
  const { default: Sqlite } = await import('better-sqlite3');
  const open = (): Database => migrated(new Sqlite(file, { timeout: BUSY_MS }), file);
  try {
    return open();
  } catch (error) {
    if (!isCorrupt(error)) throw error;
    // What was learned can be learned again; a broken file would stop every start.
    renameSync(file, `${file}.broken-${wallMs()}`);
    return open();
  }
}

function isCorrupt(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT';
}

function migrated(database: Database, file: string): Database {
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
