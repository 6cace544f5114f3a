import { createHash } from 'node:crypto';
import { z } from 'zod';
import { EFFECTS } from '../core/bounds.ts';

/** Which change a line is about, by hashes: of the plan that was shown, of config.xml before it and after it. */
export const AuditedChange = z.object({
  plan: z.string(),
  hash: z.string(),
  base: z.string(),
  result: z.string().optional(),
});
export type AuditedChange = z.infer<typeof AuditedChange>;

/** What one line of the audit log says; all text redacted. */
export const AuditEvent = z.object({
  at: z.string(),
  tool: z.string(),
  effect: z.enum(EFFECTS),
  firewall: z.string(),
  arguments: z.string(),
  outcome: z.string(),
  change: AuditedChange.optional(),
});
export type AuditEvent = z.infer<typeof AuditEvent>;

export const AuditEntry = AuditEvent.extend({ seq: z.int(), previous: z.string(), hash: z.string() });
export type AuditEntry = z.infer<typeof AuditEntry>;

/** The last entry that is known to exist; kept beside the log, so that a log cut short shows. */
export const Anchor = z.object({ seq: z.int(), hash: z.string() });
export type Anchor = z.infer<typeof Anchor>;

export const START: Anchor = { seq: 0, hash: '0'.repeat(64) };

/** The entry that follows `last`. */
export function chain(last: Anchor, event: AuditEvent): AuditEntry {
  const body = { seq: last.seq + 1, previous: last.hash, ...event };
  return { ...body, hash: hashOf(body) };
}

/** Keys in a fixed order, so that the hash does not depend on who wrote the line. */
function hashOf({
  seq,
  previous,
  at,
  tool,
  effect,
  firewall,
  arguments: args,
  outcome,
  change,
}: Omit<AuditEntry, 'hash'>): string {
  return createHash('sha256')
    .update(JSON.stringify([seq, previous, at, tool, effect, firewall, args, outcome, ...textsOf(change)]))
    .digest('hex');
}

/** Lines about no change are hashed as they were before there were such lines. */
function textsOf(change: AuditedChange | undefined): string[] {
  return change === undefined ? [] : [change.plan, change.hash, change.base, change.result ?? ''];
}

export type AuditVerdict =
  | { readonly isIntact: true; readonly entries: number }
  | { readonly isIntact: false; readonly line: number; readonly problem: string };

/** Checks a whole log against its anchor: an edit, a drop, another order or a cut end is found. */
export function verifyChain(lines: readonly string[], anchor: Anchor | undefined): AuditVerdict {
  let last: Anchor = START;
  for (const [index, line] of lines.entries()) {
    const entry = readEntry(line);
    const problem = entry ? problemWith(entry, last) : 'the line is not an entry';
    if (!entry || problem) return { isIntact: false, line: index + 1, problem: problem ?? '' };
    last = entry;
  }
  if (anchor && anchor.hash !== last.hash) {
    return { isIntact: false, line: lines.length, problem: `the log ends at entry ${last.seq}, not at ${anchor.seq}` };
  }
  return { isIntact: true, entries: lines.length };
}

function problemWith(entry: AuditEntry, last: Anchor): string | undefined {
  if (entry.seq !== last.seq + 1 || entry.previous !== last.hash) return 'an entry before it is missing or moved';
  return hashOf(entry) === entry.hash ? undefined : 'the entry was changed';
}

function readEntry(line: string): AuditEntry | undefined {
  try {
    return AuditEntry.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
