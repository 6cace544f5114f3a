import { keepable, keptSnapshots, Snapshot } from './snapshot.ts';
import type { Sql } from './sql.ts';

/** Kept snapshots of one firewall, oldest first. */
export function loadSnapshots(sql: Sql, firewall: string): Snapshot[] {
  const rows = sql.prepare('SELECT body FROM snapshots WHERE firewall = ? ORDER BY at').all(firewall);
  return rows.flatMap((row) => {
    const body = typeof row === 'object' && row !== null && 'body' in row ? String(row.body) : '';
    const parsed = Snapshot.safeParse(JSON.parse(body));
    return parsed.success ? [parsed.data] : [];
  });
}

/** Adds one and drops what it makes superfluous; the caller has a transaction open. */
export function addSnapshot(sql: Sql, firewall: string, snapshot: Snapshot): void {
  const before = loadSnapshots(sql, firewall);
  if ((before.at(-1)?.at ?? 0) >= snapshot.at) return;
  // Names are the administrators' own; they pass the same gate as everything that is kept.
  const clean = keepable(snapshot);
  const kept = new Set(keptSnapshots([...before, clean], clean.at).map(({ at }) => at));
  for (const { at } of before)
    if (!kept.has(at)) sql.prepare('DELETE FROM snapshots WHERE firewall = ? AND at = ?').run(firewall, at);
  sql
    .prepare('INSERT INTO snapshots (firewall, at, body) VALUES (?, ?, ?)')
    .run(firewall, clean.at, JSON.stringify(clean));
}
