import { outgoingValue } from '../core/outlet.ts';
import type { HealthReport } from '../pfsense/health-report.ts';
import { withComposition } from './composition.ts';
import type { Flags } from './settings.ts';

/** Prints what A.L.A.N. recorded in the last 24 hours; asks no firewall. */
export function stats(options: Flags & { readonly json?: boolean }): Promise<void> {
  return withComposition(options, async ({ fleet }) => {
    const report = fleet.health();
    process.stdout.write(options.json ? `${JSON.stringify(outgoingValue(report))}\n` : render(report));
  });
}

function render({ last24Hours: day, store }: HealthReport): string {
  const ms = (value: number | null): string => (value === null ? '-' : `${value.toFixed(1)} ms`);
  const row = (name: string, { calls, successRate, p50Ms, p95Ms, p99Ms }: (typeof day.byComplexity)[string]): string =>
    [
      name.padEnd(12),
      String(calls).padStart(7),
      percent(successRate).padStart(8),
      ...[p50Ms, p95Ms, p99Ms].map((value) => ms(value).padStart(12)),
    ].join(' ');
  return `${[
    `Last 24 hours (store: ${store.kind}${store.reason ? `, ${store.reason}` : ''})`,
    [
      'class'.padEnd(12),
      'calls'.padStart(7),
      'success'.padStart(8),
      ...['p50', 'p95', 'p99'].map((name) => name.padStart(12)),
    ].join(' '),
    ...Object.entries(day.byComplexity).map(([name, latency]) => row(name, latency)),
    row('all', day),
    ...Object.entries(day.errors).map(([code, count]) => `error ${code}: ${count}`),
  ].join('\n')}\n`;
}

function percent(rate: number | null): string {
  return rate === null ? '-' : `${(rate * 100).toFixed(1)}%`;
}
