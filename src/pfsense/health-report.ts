import { z } from 'zod';
import type { CallRecord, HealthSample } from '../alan/events.ts';
import type { Store } from '../alan/open.ts';
import { DAY_MS, summarize } from '../alan/statistics.ts';
import { wallMs } from '../core/clock.ts';
import type { Firewall } from './firewall.ts';

const ms = z.number().nullable();

const Latency = z.object({
  calls: z.int(),
  successRate: z.number().nullable(),
  p50Ms: ms,
  p95Ms: ms,
  p99Ms: ms,
});

const Health = z.object({
  state: z.enum(['healthy', 'degraded', 'down', 'unknown']),
  probes: z.int(),
  failed: z.int(),
  p50Ms: ms,
});

/** The driver's own state: NEVERHANG per firewall, A.L.A.N. over 24 hours. */
export const HealthReport = z.object({
  firewalls: z.array(
    z.object({
      name: z.string(),
      connected: z.boolean(),
      handshakes: z.int(),
      phpSessions: z.int(),
      version: z.string().nullable(),
      breaker: z.object({ state: z.enum(['closed', 'open', 'half-open']), failures: z.int(), retryAfterMs: z.int() }),
      timeoutsMs: z.record(z.string(), z.number()).describe('Time-outs of reads now, learned, by class'),
      waiting: z.int(),
      running: z.int(),
      health: Health,
    }),
  ),
  last24Hours: Latency.extend({
    byComplexity: z.record(z.string(), Latency),
    slowestTools: z.array(z.object({ tool: z.string(), p95Ms: z.number(), calls: z.int() })),
    errors: z.record(z.string(), z.int()),
    trend: z.number().nullable().describe('p50 now divided by p50 of the day before'),
  }),
  store: z.object({ kind: z.enum(['sqlite', 'memory']), reason: z.string().nullable() }),
});
export type HealthReport = z.output<typeof HealthReport>;

const HOUR_MS = 3_600_000;

/** Puts the report together from what is known now; asks no firewall. */
export function healthReport(firewalls: readonly Firewall[], store: Store): HealthReport {
  const now = wallMs();
  const calls = store.calls(now - 2 * DAY_MS);
  const isRecent = (call: CallRecord): boolean => call.at > now - DAY_MS;
  return {
    firewalls: firewalls.map((firewall) => describe(firewall, store.health(now - HOUR_MS, firewall.name))),
    last24Hours: summarize(
      calls.filter(isRecent),
      calls.filter((call) => !isRecent(call)),
    ),
    store: { kind: store.kind, reason: store.reason ?? null },
  };
}

function describe(firewall: Firewall, samples: readonly HealthSample[]): HealthReport['firewalls'][number] {
  const { isOpen, handshakes, sessions, hello } = firewall.connection();
  const state = firewall.guardState();
  return {
    name: firewall.name,
    connected: isOpen,
    handshakes,
    phpSessions: sessions,
    version: hello?.version ?? null,
    ...state,
    timeoutsMs: { ...state.timeoutsMs },
    health: judge(samples),
  };
}

function judge(samples: readonly HealthSample[]): z.output<typeof Health> {
  const failed = samples.filter((sample) => !sample.ok).length;
  const last = samples.slice(-3);
  const lastFailed = last.filter((sample) => !sample.ok).length;
  const times = samples.filter((sample) => sample.ok).map((sample) => sample.durationMs);
  times.sort((a, b) => a - b);
  return {
    state:
      last.length === 0 ? 'unknown' : lastFailed === 0 ? 'healthy' : lastFailed === last.length ? 'down' : 'degraded',
    probes: samples.length,
    failed,
    p50Ms: times[Math.floor(times.length / 2)] ?? null,
  };
}
