import { z } from 'zod';
import type { RuleReading, RuleSample } from '../../alan/rule-watch.ts';
import { wallMs } from '../../core/clock.ts';
import type { BackgroundJob } from '../../pfsense/background.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';

const Reading = z.object({ packets: z.int(), states: z.int(), lastActive: z.int().nullable() });

/** What a snippet says of counters; times in seconds of the firewall's clock. */
export interface CounterSource {
  readonly loaded: Readonly<Record<string, z.output<typeof Reading>>> | null;
  readonly rulesLoadedAt: number | null;
  readonly keepsCounters: boolean;
  readonly enabledFor: number | null;
  readonly now: number;
}

const ruleCounters = defineSnippet({
  id: 'rule/counters',
  effect: 'read',
  complexity: 'firewall',
  input: z.strictObject({}),
  output: z.object({
    loaded: z.record(z.string(), Reading).nullable(),
    rulesLoadedAt: z.int().nullable(),
    keepsCounters: z.boolean(),
    enabledFor: z.int().nullable(),
    now: z.int(),
  }),
});

/** Looks at the counters once an hour while the firewall is in use, so that their use is known over time. */
export const watchRulesJob: BackgroundJob = {
  name: 'rule counters (background)',
  complexity: 'firewall',
  firstMs: 30_000,
  everyMs: 3_600_000,
  async run(box, memory) {
    const sample = sampleOf(await box.call(ruleCounters, {}), wallMs());
    if (sample) memory.watchRules(sample);
  },
};

/** One look at the counters as A.L.A.N. takes it; undefined when pf was not seen. `at` is ours, in milliseconds. */
export function sampleOf(source: CounterSource, at: number): RuleSample | undefined {
  const { loaded, rulesLoadedAt, keepsCounters, now } = source;
  if (loaded === null) return undefined;
  const epoch = countersBegan(source);
  const age = (seconds: number | null): number | null => (seconds === null ? null : Math.max(0, now - seconds) * 1000);
  const rules = Object.entries(loaded).map(([tracker, { packets, states, lastActive }]): [string, RuleReading] => [
    tracker,
    // The clocks may differ, so only ages travel.
    { packets, states, lastActiveAt: lastActive === null ? null : at - (now - lastActive) * 1000 },
  ]);
  return { at, epoch, countedMs: age(epoch), loadedMs: age(rulesLoadedAt), keepsCounters, rules: new Map(rules) };
}

/** With keepcounters, rules that stay the same count on across reloads: then the start of pf is the limit. */
export function countersBegan({ keepsCounters, enabledFor, now, rulesLoadedAt }: Omit<CounterSource, 'loaded'>) {
  if (!keepsCounters) return rulesLoadedAt;
  return enabledFor === null ? null : now - enabledFor;
}
