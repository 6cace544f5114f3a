import { randomBytes } from 'node:crypto';
import type { CallRecord, HealthSample } from './events.ts';
import type { FirewallMemory } from './memory.ts';
import type { Store } from './open.ts';
import { observe, type RuleWatch } from './rule-watch.ts';
import { keptSnapshots, type Snapshot } from './snapshot.ts';
import { expectedMs } from './statistics.ts';

const MOST_ROWS = 10_000;
const LATENCIES = 400;

/** A store that forgets everything when the process ends. */
export function memoryStore(reason: string): Store {
  const calls: CallRecord[] = [];
  const samples: HealthSample[] = [];
  const breakers = new Map<string, { state: string; savedAt: number }>();
  const refused = new Map<string, Set<string>>();
  const memories = new Map<string, FirewallMemory>();
  const key = randomBytes(32);
  return {
    kind: 'memory',
    reason,
    record: (call) => keepLast(calls, call),
    recordHealth: (sample) => keepLast(samples, sample),
    calls: (since, firewall) => calls.filter((call) => call.at > since && isAbout(call, firewall)),
    health: (since, firewall) => samples.filter((sample) => sample.at > since && isAbout(sample, firewall)),
    latencies: (firewall, complexity) =>
      calls
        .filter(
          (call) => isAbout(call, firewall) && call.complexity === complexity && (call.success || call.isCensored),
        )
        .slice(-LATENCIES)
        .map(({ durationMs, isCensored }) => ({ ms: durationMs, isCensored })),
    loadBreaker: (firewall) => breakers.get(firewall),
    saveBreaker: (firewall, state, savedAt) => void breakers.set(firewall, { state, savedAt }),
    hashKey: () => key,
    isLatched: (firewall, hash) => refused.get(firewall)?.has(hash) ?? false,
    latch: (firewall, hash) => void refused.set(firewall, new Set(refused.get(firewall)).add(hash)),
    clear: (firewall) => void refused.delete(firewall),
    memoryOf(firewall) {
      const known =
        memories.get(firewall) ??
        passingMemory((tool) =>
          expectedMs(
            calls.filter((call) => call.firewall === firewall),
            tool,
          ),
        );
      memories.set(firewall, known);
      return known;
    },
    prune: () => undefined,
    close: () => undefined,
  };
}

function passingMemory(expected: FirewallMemory['expectedMs']): FirewallMemory {
  let watch: RuleWatch | undefined;
  let snapshots: Snapshot[] = [];
  return {
    isLasting: false,
    expectedMs: expected,
    watchRules: (sample) => (watch = observe(watch, sample)),
    snapshots: () => snapshots,
    keepSnapshot(snapshot) {
      snapshots = keptSnapshots([...snapshots, snapshot], snapshot.at);
    },
  };
}

function isAbout(row: { readonly firewall: string }, firewall: string | undefined): boolean {
  return firewall === undefined || row.firewall === firewall;
}

function keepLast<T>(rows: T[], row: T): void {
  rows.push(row);
  if (rows.length > MOST_ROWS) rows.splice(0, rows.length - MOST_ROWS);
}
