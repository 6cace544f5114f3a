import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CallRecord } from '../../src/alan/events.ts';
import { expectedMs, quantile, summarize } from '../../src/alan/statistics.ts';

const call = (durationMs: number, change: Partial<CallRecord> = {}): CallRecord => ({
  tool: 'pf_a',
  firewall: 'fw',
  complexity: 'simple',
  durationMs,
  success: true,
  errorType: undefined,
  isCensored: false,
  rung: undefined,
  preview: '',
  at: 0,
  ...change,
});

test('nothing recorded gives no numbers instead of zeros', () => {
  expect(summarize([])).toMatchObject({
    calls: 0,
    successRate: null,
    p50Ms: null,
    trend: null,
    byComplexity: {},
    errors: {},
  });
});

test('percentiles are values that occurred, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1 }), (times) => {
      const { p50Ms, p95Ms, p99Ms } = summarize(times.map((ms) => call(ms)));
      for (const value of [p50Ms, p95Ms, p99Ms]) expect(times).toContain(value);
      expect([p50Ms, p95Ms, p99Ms]).toEqual([p50Ms, p95Ms, p99Ms].sort((a, b) => Number(a) - Number(b)));
    }),
  );
});

test('failed calls lower the success rate and do not count as latencies', () => {
  const failed = call(9_000, { success: false, errorType: 'timeout' });
  expect(summarize([call(10), failed])).toMatchObject({
    calls: 2,
    successRate: 0.5,
    p99Ms: 10,
    errors: { timeout: 1 },
  });
});

test('the trend compares with the span before', () => {
  expect(summarize([call(30)], [call(10)]).trend).toBe(3);
});

test('classes and tools are kept apart', () => {
  const summary = summarize([call(1), call(100, { tool: 'pf_b', complexity: 'config' })]);
  expect(summary.byComplexity).toMatchObject({ simple: { p50Ms: 1 }, config: { p50Ms: 100 } });
  expect(summary.slowestTools.map(({ tool }) => tool)).toEqual(['pf_b', 'pf_a']);
});

test('what a tool will take is its median', () => {
  expect(expectedMs([call(1), call(2), call(50)], 'pf_a')).toBe(2);
  expect(expectedMs([], 'pf_a')).toBeNull();
});

test('the quantile of nothing is nothing', () => {
  expect(quantile([], 0.5)).toBeNull();
});
