import { addWindow, coveredSince, type Window } from './windows.ts';

/** What pf counted for one tracker (the sum over its rules) when it was looked at. */
export interface RuleReading {
  readonly packets: number;
  readonly states: number;
  /** When pf itself says that it last matched, where pf says so; milliseconds since the epoch. */
  readonly lastActiveAt: number | null;
}

/** All counters of one firewall at one moment. */
export interface RuleSample {
  /** Milliseconds since the epoch, by our clock. */
  readonly at: number;
  /** When the counters began, by the firewall's clock in seconds: another mark is another count. Null: not known. */
  readonly epoch: number | null;
  /** How long ago the counters began and the rules were loaded, in milliseconds. */
  readonly countedMs: number | null;
  readonly loadedMs: number | null;
  /** Whether rules that stay the same go on counting over a reload. */
  readonly keepsCounters: boolean;
  readonly rules: ReadonlyMap<string, RuleReading>;
}

/** What is remembered of one tracker; nothing of what the rule says. Times in milliseconds since the epoch. */
export interface WatchedRule {
  readonly tracker: string;
  /** Since then its counters were followed; begins anew when it was away or edited. */
  readonly watchedSince: number;
  readonly lastSeen: number;
  /** Used no later than this; null: never seen used. */
  readonly lastUsed: number | null;
  /** Packets added up over all counts that were seen. */
  readonly uses: number;
  /** Packets at the last look. */
  readonly packets: number;
}

export interface RuleWatch {
  readonly at: number;
  readonly epoch: number | null;
  readonly windows: readonly Window[];
  readonly rules: ReadonlyMap<string, WatchedRule>;
}

/** A clock that was set back by more than this makes what was kept worthless, in milliseconds. */
const CLOCK_SLACK_MS = 3_600_000;
/** The start of pf is told as its age, so its mark follows every correction of the clock, in seconds. */
const KEPT_MARK_SLACK_S = 60;
/** Rules that pf has not had for so long are forgotten, in milliseconds. */
const FORGET_MS = 400 * 86_400_000;

/**
 * What is known after one more look. Counters begin at zero with each load of the rules, unless they are kept, and an
 * edited rule is another one to pf; so a counter that fell, or another mark, is a new count. What was used between the
 * last look and such a reset cannot be known: that span is missing from the windows.
 */
export function observe(known: RuleWatch | undefined, sample: RuleSample): RuleWatch {
  const previous = known && known.at > sample.at + CLOCK_SLACK_MS ? undefined : known;
  if (previous && previous.at >= sample.at) return previous;
  const count = countOf(previous, sample);
  const seen = [...sample.rules].map(([tracker, reading]) => follow(tracker, reading, previous, sample, count));
  const away = [...(previous?.rules.values() ?? [])].filter(
    ({ tracker, lastSeen }) => !sample.rules.has(tracker) && lastSeen > sample.at - FORGET_MS,
  );
  return {
    at: sample.at,
    epoch: sample.epoch,
    windows: addWindow(previous?.windows ?? [], count.from, sample.at),
    rules: new Map([...away, ...seen].map((rule) => [rule.tracker, rule])),
  };
}

/** A look is written when the last one that was is older than this, in milliseconds. */
const WRITE_EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Once an hour; sooner only when a rule is seen in use that was not for a day: a reload would take that away. */
export function isWorthWriting(kept: RuleWatch | undefined, watch: RuleWatch): boolean {
  if (kept === undefined || Math.abs(watch.at - kept.at) >= WRITE_EVERY_MS) return true;
  return [...watch.rules.values()].some(({ tracker, lastUsed }) => {
    const before = kept.rules.get(tracker)?.lastUsed ?? 0;
    return lastUsed !== null && lastUsed - before > DAY_MS;
  });
}

interface Count {
  readonly isNew: boolean;
  /** What happened after this is in the counters, in milliseconds since the epoch. */
  readonly from: number;
}

function countOf(previous: RuleWatch | undefined, sample: RuleSample): Count {
  const { at, epoch, countedMs } = sample;
  const slack = sample.keepsCounters ? KEPT_MARK_SLACK_S : 0;
  const began = epoch === null || countedMs === null ? at : at - countedMs;
  if (!previous) return { isNew: true, from: began };
  if (epoch === null || previous.epoch === null || Math.abs(epoch - previous.epoch) > slack)
    return { isNew: true, from: began };
  // Somebody loaded or zeroed the rules without pfSense: when, nobody knows.
  if (!sample.keepsCounters && hasFallen(previous, sample)) return { isNew: true, from: at };
  return { isNew: false, from: previous.at };
}

function hasFallen(previous: RuleWatch, { rules }: RuleSample): boolean {
  return [...rules].some(([tracker, { packets }]) => {
    const before = previous.rules.get(tracker);
    return before !== undefined && before.lastSeen === previous.at && packets < before.packets;
  });
}

function follow(
  tracker: string,
  { packets, states, lastActiveAt }: RuleReading,
  previous: RuleWatch | undefined,
  { at, loadedMs }: RuleSample,
  count: Count,
): WatchedRule {
  const before = previous?.rules.get(tracker);
  const isContinued = before !== undefined && before.lastSeen === previous?.at;
  const isEdited = isContinued && !count.isNew && packets < before.packets;
  const base = isContinued && !count.isNew && !isEdited ? before.packets : 0;
  const loadedAt = loadedMs === null ? at : at - loadedMs;
  const active = lastActiveAt === null || lastActiveAt > at ? null : lastActiveAt;
  const usedAt = states > 0 ? at : packets > base ? (active ?? at) : active;
  const lastUsed = latest(before?.lastUsed ?? null, usedAt);
  return {
    tracker,
    watchedSince: isContinued && !isEdited ? before.watchedSince : Math.max(count.isNew ? count.from : 0, loadedAt),
    lastSeen: at,
    lastUsed,
    uses: (before?.uses ?? 0) + packets - base,
    packets,
  };
}

function latest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}

export type UseVerdict = 'used' | 'unused' | 'not watched long enough';

export interface UseQuestion {
  readonly spanMs: number;
  /** The rule is what it is now only since then, in milliseconds since the epoch. */
  readonly changedAt?: number | undefined;
}

/** `unused` only if it was watched, without use, for the whole length asked for: gaps do not count. */
export function judgeUse(watch: RuleWatch, rule: WatchedRule, { spanMs, changedAt = 0 }: UseQuestion): UseVerdict {
  const idleSince = Math.max(rule.watchedSince, rule.lastUsed ?? 0, changedAt);
  if (coveredSince(watch.windows, idleSince) >= spanMs) return 'unused';
  const isRecent = rule.lastUsed !== null && watch.at - rule.lastUsed < spanMs;
  return isRecent ? 'used' : 'not watched long enough';
}
