import type { CallRecord } from './events.ts';

export const DAY_MS = 86_400_000;

/** Latencies in milliseconds; null when no call of the kind ended. */
export interface Latency {
  readonly calls: number;
  readonly successRate: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

export interface Statistics extends Latency {
  readonly byComplexity: Record<string, Latency>;
  readonly slowestTools: { tool: string; p95Ms: number; calls: number }[];
  readonly errors: Record<string, number>;
  /** p50 now divided by p50 in the span of the same length before; null when one of them is unknown. */
  readonly trend: number | null;
}

/** What the calls of one span say, compared with those of the span before. */
export function summarize(calls: readonly CallRecord[], before: readonly CallRecord[] = []): Statistics {
  const all = latency(calls);
  const earlier = latency(before);
  return {
    ...all,
    byComplexity: mapGroups(
      groupBy(calls, (call) => call.complexity),
      latency,
    ),
    slowestTools: slowest(groupBy(calls, (call) => call.tool)),
    errors: mapGroups(
      groupBy(calls.filter(isFailed), (call) => call.errorType ?? 'internal'),
      (group) => group.length,
    ),
    trend: all.p50Ms !== null && earlier.p50Ms ? round(all.p50Ms / earlier.p50Ms) : null,
  };
}

/** How long a call of this tool takes most probably, in milliseconds; null when it was never seen. */
export function expectedMs(calls: readonly CallRecord[], tool: string): number | null {
  return latency(calls.filter((call) => call.tool === tool)).p50Ms;
}

function latency(calls: readonly CallRecord[]): Latency {
  const times = calls.filter((call) => call.success).map((call) => call.durationMs);
  times.sort((a, b) => a - b);
  return {
    calls: calls.length,
    successRate: calls.length === 0 ? null : round(times.length / calls.length),
    p50Ms: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    p99Ms: quantile(times, 0.99),
  };
}

/** Nearest rank on ascending values. */
export function quantile(ascending: readonly number[], share: number): number | null {
  const value = ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)];
  return value === undefined ? null : round(value);
}

function slowest(groups: Map<string, CallRecord[]>): Statistics['slowestTools'] {
  return [...groups]
    .flatMap(([tool, calls]) => {
      const { p95Ms } = latency(calls);
      return p95Ms === null ? [] : [{ tool, p95Ms, calls: calls.length }];
    })
    .sort((a, b) => b.p95Ms - a.p95Ms)
    .slice(0, 5);
}

function isFailed(call: CallRecord): boolean {
  return !call.success;
}

function groupBy(calls: readonly CallRecord[], keyOf: (call: CallRecord) => string): Map<string, CallRecord[]> {
  const groups = new Map<string, CallRecord[]>();
  for (const call of calls) {
    const group = groups.get(keyOf(call)) ?? [];
    group.push(call);
    groups.set(keyOf(call), group);
  }
  return groups;
}

function mapGroups<T>(groups: Map<string, CallRecord[]>, measure: (group: CallRecord[]) => T): Record<string, T> {
  return Object.fromEntries([...groups].map(([key, group]) => [key, measure(group)]));
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
