import { z } from 'zod';
import type { RuleWatch, WatchedRule } from './rule-watch.ts';
import type { Sql } from './sql.ts';

const Windows = z.array(z.object({ began: z.number(), ended: z.number(), coveredMs: z.number() }));
const Head = z.object({ at: z.int(), epoch: z.int().nullable(), windows: z.string() });
const Row = z.object({
  tracker: z.string(),
  watchedSince: z.int(),
  lastSeen: z.int(),
  lastUsed: z.int().nullable(),
  uses: z.int(),
  packets: z.int(),
});

/** What was kept of the rules of one firewall; what cannot be read counts as nothing. */
export function loadRuleWatch(sql: Sql, firewall: string): RuleWatch | undefined {
  const found = Head.safeParse(
    sql.prepare('SELECT at, epoch, windows FROM rule_watches WHERE firewall = ?').get(firewall),
  );
  if (!found.success) return undefined;
  const { at, epoch, windows } = found.data;
  const rows = z.array(Row).parse(
    sql
      .prepare(
        `SELECT tracker, watched_since AS watchedSince, last_seen AS lastSeen, last_used AS lastUsed, uses, packets
         FROM watched_rules WHERE firewall = ?`,
      )
      .all(firewall),
  );
  return {
    at,
    epoch,
    windows: Windows.parse(JSON.parse(windows)),
    rules: new Map(rows.map((row): [string, WatchedRule] => [row.tracker, row])),
  };
}

/** Takes the place of what was kept; the caller has a transaction open. */
export function saveRuleWatch(sql: Sql, firewall: string, { at, epoch, windows, rules }: RuleWatch): void {
  sql.prepare('DELETE FROM watched_rules WHERE firewall = ?').run(firewall);
  sql
    .prepare('INSERT OR REPLACE INTO rule_watches (firewall, at, epoch, windows) VALUES (?, ?, ?, ?)')
    .run(firewall, at, epoch, JSON.stringify(windows));
  const insert = sql.prepare(
    `INSERT INTO watched_rules (firewall, tracker, watched_since, last_seen, last_used, uses, packets)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const rule of rules.values()) {
    const { tracker, watchedSince, lastSeen, lastUsed, uses, packets } = rule;
    insert.run(firewall, tracker, watchedSince, lastSeen, lastUsed, uses, packets);
  }
}
