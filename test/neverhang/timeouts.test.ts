import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LatencySample, learnTimeout, survivalQuantile } from '../../src/neverhang/timeouts.ts';
import { FIXED_MS, simulate, TRACES } from './traces.ts';

const limits = { floorMs: 100, ceilingMs: 60_000, previousMs: 60_000 };
const done = (ms: number): LatencySample => ({ ms, isCensored: false });

describe('a learned time-out', () => {
  test('is the ceiling while little is known', () => {
    expect(learnTimeout([done(5), done(6)], limits)).toBe(60_000);
  });

  test('lies between floor and ceiling, whatever was measured', () => {
    const sample = fc.record({ ms: fc.double({ min: 0, max: 1e7, noNaN: true }), isCensored: fc.boolean() });
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 500 }), (samples) => {
        const learned = learnTimeout(samples, limits);
        expect(learned).toBeGreaterThanOrEqual(limits.floorMs);
        expect(learned).toBeLessThanOrEqual(limits.ceilingMs);
      }),
    );
  });

  test('lies above everything seen while there is not enough for a p99', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 20, maxLength: 200 }), (times) => {
        expect(learnTimeout(times.map(done), limits)).toBeGreaterThanOrEqual(Math.min(60_000, Math.max(...times)));
      }),
    );
  });

  test('grows no faster than twofold at once', () => {
    const samples = Array.from({ length: 400 }, () => done(10_000));
    expect(learnTimeout(samples, { ...limits, previousMs: 1_000 })).toBe(2_000);
  });

  test('does not sink because calls were given up: a time-out is at least so long, not so long', () => {
    const samples = Array.from({ length: 400 }, (_, n) => (n % 20 === 0 ? { ms: 1_000, isCensored: true } : done(200)));
    expect(learnTimeout(samples, { ...limits, previousMs: 1_000 })).toBe(2_000);
  });
});

test('the quantile of a complete sample is the nearest rank', () => {
  const samples = Array.from({ length: 200 }, (_, n) => done(n + 1));
  expect(survivalQuantile(samples, 0.01)).toBe(198);
});

describe.each(TRACES)('on the trace $name', ({ draw, trueP99Ms, hasHangs }) => {
  const result = simulate(draw, { calls: 4_000, floorMs: 100, ceilingMs: 60_000, warmUp: 400 });

  test('cuts off at most 2 % of the calls that would have ended', () => {
    expect(result.falseRate).toBeLessThanOrEqual(0.02);
  });

  test.runIf(hasHangs)('goes on noticing hangs at least one and a half times as early as a fixed time-out', () => {
    expect(result.timeoutMs).toBeLessThanOrEqual(FIXED_MS / 1.5);
  });

  test.runIf(!hasHangs)('notices a hang within 1.5 times the true p99, with a quarter for the sample', () => {
    expect(result.timeoutMs).toBeLessThanOrEqual(1.5 * 1.25 * trueP99Ms);
  });
});

test('recovers from a step within 50 calls', () => {
  const step = (n: number, random: () => number): number => (n < 1_000 ? 200 : 2_000) * (0.9 + 0.2 * random());
  const { timedOut } = simulate(step, { calls: 2_000, floorMs: 100, ceilingMs: 60_000, warmUp: 0 });
  const late = timedOut.filter((n) => n >= 1_000);
  expect(late.length).toBeLessThanOrEqual(50);
  expect(Math.max(...late, 1_000)).toBeLessThan(1_050);
});
