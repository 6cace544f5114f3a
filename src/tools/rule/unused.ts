import { z } from 'zod';
import { judgeUse, type RuleWatch, type WatchedRule } from '../../alan/rule-watch.ts';
import { coveredSince, gapsSince } from '../../alan/windows.ts';
import { type ConfigTree, textAt } from '../../config/model.ts';
import { trackerKey } from './state.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** What is known of the use of one rule over time. */
export const RuleUse = {
  lastUsed: z.string().nullable().optional().describe('At the latest; null: never seen used'),
  watchedSince: z.string().optional(),
};

/** How far the watching reaches. */
export const Watch = z.object({
  since: z.string(),
  watchedDays: z.number().describe('Of the days asked for; use in gaps is invisible'),
  gaps: z.int(),
  longestGapHours: z.number(),
  notWatchedLongEnough: z
    .object({ total: z.int(), trackers: z.array(z.string()) })
    .describe('Not seen used, but watched for less than asked: may be used or not'),
  notLoaded: z.int().describe('Disabled or not in pf: not judged'),
});

/** More trackers than this are only counted. */
const MOST_TRACKERS = 30;

/** A rule of the configuration with what is known of its use. */
export interface UsedRule<T> {
  readonly entry: T;
  readonly known: WatchedRule;
}

export interface Unused<T> {
  readonly unused: readonly UsedRule<T>[];
  readonly watch: z.output<typeof Watch>;
}

interface Entry {
  readonly rule: { readonly tracker: string; readonly state: string };
  readonly raw: ConfigTree;
}

/** The rules without use for so many watched days; those that pf does not have are not judged. */
export function findUnused<T extends Entry>(entries: readonly T[], watch: RuleWatch, days: number): Unused<T> {
  const spanMs = days * DAY_MS;
  const judged = entries.flatMap((entry) => {
    const known = watch.rules.get(trackerKey(entry.raw));
    // What is not in pf now, or came after this look, was not looked at.
    if (entry.rule.state !== 'active' || known?.lastSeen !== watch.at) return [];
    return [{ entry, known, verdict: judgeUse(watch, known, { spanMs, changedAt: changedAt(entry.raw) }) }];
  });
  const short = judged.filter(({ verdict }) => verdict === 'not watched long enough');
  return {
    unused: judged.filter(({ verdict }) => verdict === 'unused'),
    watch: {
      ...reachOf(watch, days),
      notWatchedLongEnough: {
        total: short.length,
        trackers: short.slice(0, MOST_TRACKERS).map(({ entry }) => entry.rule.tracker),
      },
      notLoaded: entries.length - judged.length,
    },
  };
}

function reachOf({ at, windows }: RuleWatch, days: number) {
  const since = Math.max(windows[0]?.began ?? at, at - days * DAY_MS);
  const { count, longestMs } = gapsSince(windows, since);
  return {
    since: new Date(windows[0]?.began ?? at).toISOString(),
    watchedDays: tenths(coveredSince(windows, since) / DAY_MS),
    gaps: count,
    longestGapHours: tenths(longestMs / HOUR_MS),
  };
}

const tenths = (value: number): number => Math.floor(value * 10) / 10;

/** What a listed rule says of its use. */
export function viewUse({ entry, known }: UsedRule<Entry>): { lastUsed: string | null; watchedSince: string } {
  const since = Math.max(known.watchedSince, changedAt(entry.raw) ?? 0);
  return {
    lastUsed: known.lastUsed === null ? null : new Date(known.lastUsed).toISOString(),
    watchedSince: new Date(since).toISOString(),
  };
}

/** An edited rule keeps its tracker but is another rule; pfSense notes when. Milliseconds since the epoch. */
function changedAt(raw: ConfigTree): number | undefined {
  const seconds = Number(textAt(raw, 'updated/time') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}
