import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HealthMonitor, type ProbeResult } from '../../src/neverhang/health.ts';

let results: ProbeResult[];
beforeEach(() => {
  vi.useFakeTimers();
  results = [];
});
afterEach(() => void vi.useRealTimers());

const monitor = (probe: () => Promise<void> | undefined, intervalMs = 1_000) =>
  new HealthMonitor({ probe, intervalMs, onResult: (result) => void results.push(result) });

test('probes at its interval once it was started, and not after it was stopped', async () => {
  const one = monitor(async () => undefined);
  one.start();
  one.start();
  await vi.advanceTimersByTimeAsync(3_100);
  expect(results.map(({ ok }) => ok)).toEqual([true, true, true]);
  one.stop();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(results).toHaveLength(3);
});

test('probes sooner after a failure', async () => {
  const one = monitor(() => Promise.reject(new Error('x')));
  one.start();
  await vi.advanceTimersByTimeAsync(1_800);
  expect(results.map(({ ok }) => ok)).toEqual([false, false, false, false]);
  one.stop();
});

test('records nothing while there is nothing to probe', async () => {
  const one = monitor(() => undefined);
  one.start();
  await vi.advanceTimersByTimeAsync(3_100);
  expect(results).toEqual([]);
  one.stop();
});

test('an interval of 0 turns it off', async () => {
  const one = monitor(async () => undefined, 0);
  one.start();
  await vi.advanceTimersByTimeAsync(100_000);
  expect(results).toEqual([]);
});
