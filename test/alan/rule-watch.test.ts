import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeUse, observe, type RuleReading, type RuleSample, type RuleWatch } from '../../src/alan/rule-watch.ts';
import { coveredSince, gapsSince } from '../../src/alan/windows.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const BEGIN = Date.parse('2026-01-01T00:00:00Z');

type Event =
  | { kind: 'use'; rule: string }
  | { kind: 'idle'; minutes: number }
  | { kind: 'reload' }
  | { kind: 'sample' };

/** What can happen to a firewall. */
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('use' as const), rule: fc.constantFrom('1', '2', '3') }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('idle' as const), minutes: fc.integer({ min: 1, max: 300 }) }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'reload' as const }) },
  { weight: 4, arbitrary: fc.constant({ kind: 'sample' as const }) },
);

/** A firewall that is told what happens, minute by minute, next to what a watcher could have seen of it. */
class Model {
  minute = 0;
  loaded = 0;
  watch: RuleWatch | undefined;
  readonly counters = new Map([
    ['1', 0],
    ['2', 0],
    ['3', 0],
  ]);
  /** Uses that no look has shown yet: a reload takes them away for ever. */
  pending: { rule: string; minute: number }[] = [];
  readonly visible: { rule: string; minute: number; seenAt: number }[] = [];
  readonly covered = new Set<number>();
  uncertain: number[] = [];

  use(rule: string): void {
    this.counters.set(rule, (this.counters.get(rule) ?? 0) + 1);
    this.pending.push({ rule, minute: this.minute });
    this.pass();
  }

  pass(minutes = 1): void {
    for (let n = 0; n < minutes; n += 1) {
      this.uncertain.push(this.minute);
      this.minute += 1;
    }
  }

  reload(): void {
    for (const rule of this.counters.keys()) this.counters.set(rule, 0);
    this.pending = [];
    this.uncertain = [];
    this.loaded = this.minute;
    this.pass();
  }

  sample(): void {
    const rules = new Map<string, RuleReading>();
    for (const [rule, packets] of this.counters) rules.set(rule, { packets, states: 0, lastActiveAt: null });
    const age = (this.minute - this.loaded) * MINUTE;
    const at = BEGIN + this.minute * MINUTE;
    const epoch = this.loaded * 60;
    this.watch = observe(this.watch, { at, epoch, countedMs: age, loadedMs: age, keepsCounters: false, rules });
    for (const use of this.pending.splice(0)) this.visible.push({ ...use, seenAt: at });
    for (const minute of this.uncertain.splice(0)) this.covered.add(minute);
    this.pass();
  }
}

function played(events: readonly Event[]): Model {
  const model = new Model();
  model.sample();
  for (const one of events) {
    if (one.kind === 'use') model.use(one.rule);
    else if (one.kind === 'idle') model.pass(one.minutes);
    else model[one.kind]();
  }
  model.sample();
  return model;
}

const series = fc.array(event, { maxLength: 120 });

describe('watching counters that begin anew', () => {
  test('adds up exactly the uses that some look could show', () => {
    fc.assert(
      fc.property(series, (events) => {
        const { watch, visible } = played(events);
        for (const tracker of ['1', '2', '3']) {
          const uses = visible.filter(({ rule }) => rule === tracker);
          expect(watch?.rules.get(tracker)?.uses).toBe(uses.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('knows a last use that is never too early, and none where there was none', () => {
    fc.assert(
      fc.property(series, (events) => {
        const { watch, visible } = played(events);
        for (const tracker of ['1', '2', '3']) {
          const last = visible.filter(({ rule }) => rule === tracker).at(-1);
          const { lastUsed } = watch?.rules.get(tracker) ?? { lastUsed: undefined };
          expect(lastUsed).toBe(last?.seenAt ?? null);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('covers exactly the minutes whose uses some look could show', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 0, max: 10_000 }), (events, from) => {
        const { watch, covered } = played(events);
        const since = BEGIN + from * MINUTE;
        const wanted = [...covered].filter((minute) => minute >= from).length * MINUTE;
        const found = coveredSince(watch?.windows ?? [], since);
        // Older gaps are kept as sums: then less may be claimed, never more.
        expect(found).toBeLessThanOrEqual(wanted);
        if ((watch?.at ?? 0) - BEGIN < 7 * DAY) expect(found).toBe(wanted);
      }),
      { numRuns: 500 },
    );
  });

  test('never calls a rule unused that some look showed in use, nor one that was watched for less', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 2_000 }), (events, minutes) => {
        const { watch, visible, covered } = played(events);
        if (!watch) throw new Error('There was no look.');
        for (const rule of watch.rules.values()) {
          if (judgeUse(watch, rule, { spanMs: minutes * MINUTE }) !== 'unused') continue;
          const last = visible.filter((use) => use.rule === rule.tracker).at(-1)?.minute ?? -1;
          expect([...covered].filter((minute) => minute > last).length).toBeGreaterThanOrEqual(minutes);
        }
      }),
      { numRuns: 500 },
    );
  });
});

const look = (at: number, packets: Record<string, number>, change: Partial<RuleSample> = {}): RuleSample => ({
  at: BEGIN + at,
  epoch: 0,
  countedMs: at,
  loadedMs: at,
  keepsCounters: false,
  rules: new Map(
    Object.entries(packets).map(([key, count]) => [key, { packets: count, states: 0, lastActiveAt: null }]),
  ),
  ...change,
});

const watched = (...samples: RuleSample[]): RuleWatch => {
  const watch = samples.reduce<RuleWatch | undefined>((known, sample) => observe(known, sample), undefined);
  if (!watch) throw new Error('There was no look.');
  return watch;
};

const rule = (watch: RuleWatch, tracker: string) => {
  const found = watch.rules.get(tracker);
  if (!found) throw new Error(`Nothing is known of ${tracker}.`);
  return found;
};

describe('a rule', () => {
  test('is unused only after it was watched for as long as was asked', () => {
    const watch = watched(look(0, { a: 0 }), look(12 * DAY, { a: 0 }));
    expect(judgeUse(watch, rule(watch, 'a'), { spanMs: 90 * DAY })).toBe('not watched long enough');
    expect(judgeUse(watch, rule(watch, 'a'), { spanMs: 12 * DAY })).toBe('unused');
  });

  test('that was edited was not there before as it is now', () => {
    const watch = watched(look(0, { a: 0 }), look(20 * DAY, { a: 0 }));
    const changedAt = BEGIN + 15 * DAY;
    expect(judgeUse(watch, rule(watch, 'a'), { spanMs: 10 * DAY, changedAt })).toBe('not watched long enough');
    expect(judgeUse(watch, rule(watch, 'a'), { spanMs: 5 * DAY, changedAt })).toBe('unused');
  });

  test('whose counter fell while others are kept is watched anew since the rules were loaded', () => {
    const keeps = { keepsCounters: true, countedMs: 20 * DAY, loadedMs: DAY };
    const watch = watched(look(0, { a: 5, b: 5 }), look(10 * DAY, { a: 0, b: 5 }, keeps));
    expect(rule(watch, 'a').watchedSince).toBe(BEGIN + 9 * DAY);
    expect(rule(watch, 'b').watchedSince).toBe(BEGIN);
  });

  test('that was away begins anew, and keeps when it was last used', () => {
    const watch = watched(
      look(0, { a: 0 }),
      look(DAY, { a: 3 }),
      look(2 * DAY, {}),
      look(5 * DAY, { a: 0 }, { loadedMs: DAY }),
    );
    expect(rule(watch, 'a')).toMatchObject({ watchedSince: BEGIN + 4 * DAY, lastUsed: BEGIN + DAY, uses: 3 });
  });

  test('with states is in use, whatever its counter says', () => {
    const rules = new Map([['a', { packets: 7, states: 1, lastActiveAt: null }]]);
    const watch = watched(look(0, { a: 7 }), look(DAY, {}, { rules }));
    expect(rule(watch, 'a').lastUsed).toBe(BEGIN + DAY);
  });

  test('was last used when pf says so, where pf does', () => {
    const rules = new Map([['a', { packets: 7, states: 0, lastActiveAt: BEGIN + DAY / 2 }]]);
    const watch = watched(look(0, { a: 5 }), look(DAY, {}, { rules }));
    expect(rule(watch, 'a').lastUsed).toBe(BEGIN + DAY / 2);
  });

  test('is not judged by a time in the future that pf gives', () => {
    const rules = new Map([['a', { packets: 5, states: 0, lastActiveAt: BEGIN + 9 * DAY }]]);
    const watch = watched(look(0, { a: 0 }, { rules: new Map() }), look(DAY, {}, { rules }));
    expect(rule(watch, 'a').lastUsed).toBe(BEGIN + DAY);
  });
});

describe('the watch', () => {
  test('leaves out what lies between the last look and a reload', () => {
    const watch = watched(look(0, { a: 0 }), look(10 * DAY, { a: 0 }, { epoch: 500, countedMs: DAY, loadedMs: DAY }));
    expect(coveredSince(watch.windows, BEGIN)).toBe(DAY);
    expect(gapsSince(watch.windows, BEGIN)).toEqual({ count: 1, longestMs: 9 * DAY });
  });

  test('takes a corrected clock for no reload where counters are kept', () => {
    const kept = { keepsCounters: true };
    const watch = watched(
      look(0, { a: 4 }, kept),
      look(DAY, { a: 4 }, { ...kept, epoch: 30, countedMs: DAY - 30_000 }),
    );
    expect(watch.windows).toEqual([{ began: BEGIN, ended: BEGIN + DAY, coveredMs: DAY }]);
    expect(rule(watch, 'a').uses).toBe(4);
  });

  test('does not know when counters fell without a load by pfSense', () => {
    const watch = watched(look(0, { a: 5 }), look(DAY, { a: 0 }));
    expect(coveredSince(watch.windows, BEGIN)).toBe(0);
  });

  test('claims nothing of the time before it where the age of the counters is unknown', () => {
    const watch = watched(look(0, { a: 0 }, { epoch: null }), look(DAY, { a: 0 }, { epoch: null }));
    expect(coveredSince(watch.windows, BEGIN)).toBe(0);
  });

  test('ignores a look from the past and begins anew after a clock that was far ahead', () => {
    const watch = watched(look(DAY, { a: 1 }));
    expect(observe(watch, look(DAY - MINUTE, { a: 2 }))).toBe(watch);
    expect(observe(watch, look(0, { a: 0 })).at).toBe(BEGIN);
  });

  test('stays small over years of hourly looks and reloads', () => {
    let watch: RuleWatch | undefined;
    for (let hour = 0; hour < 3 * 365 * 24; hour += 1)
      watch = observe(
        watch,
        look(hour * 60 * MINUTE, { a: 0 }, { epoch: hour * 3_600, countedMs: 30 * MINUTE, loadedMs: 30 * MINUTE }),
      );
    expect(watch?.windows.length).toBeLessThan(400);
    expect(coveredSince(watch?.windows ?? [], 0)).toBe(3 * 365 * 24 * 30 * MINUTE);
  }, 30_000);
});
