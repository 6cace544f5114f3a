import { type LatencySample, learnTimeout } from '../../src/neverhang/timeouts.ts';

/** Latency of call n, in milliseconds, from uniform random numbers. */
export type Draw = (n: number, random: () => number) => number;

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const logNormal: Draw = (_n, random) => 200 * Math.exp(0.5 * normal(random));
const bimodal: Draw = (_n, random) => (random() < 0.9 ? 50 : 900) * (0.9 + 0.2 * random());

/** Ten times as slow from call 1,000 on. */
const step: Draw = (n, random) => (n < 1_000 ? 200 : 2_000) * (0.9 + 0.2 * random());

/** One call in fifty never ends: known only as a time-out, so as a censored sample. */
const withHangs: Draw = (n, random) => (random() < 0.02 ? Number.POSITIVE_INFINITY : logNormal(n, random));

/** Synthetic traces with the p99 that they have by construction. */
export const TRACES: readonly { name: string; draw: Draw; trueP99Ms: number; hasHangs?: boolean }[] = [
  { name: 'log-normal', draw: logNormal, trueP99Ms: 200 * Math.exp(0.5 * 2.326) },
  { name: 'bimodal', draw: bimodal, trueP99Ms: 972 },
  { name: 'step', draw: step, trueP99Ms: 2_196 },
  { name: 'with hangs', draw: withHangs, trueP99Ms: 200 * Math.exp(0.5 * 2.326), hasHangs: true },
];

/** Reproducible random numbers (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What a fixed time-out would be, in milliseconds, to compare with. */
export const FIXED_MS = 10_000;

interface Run {
  readonly calls: number;
  readonly floorMs: number;
  readonly ceilingMs: number;
  /** Calls at the beginning that are not judged. */
  readonly warmUp: number;
}

/**
 * Learns along a trace as the guard does; calls beyond the time-out become censored samples. The false rates are
 * shares of the calls that would have ended; `timeoutMs` is how long a hang is waited for at the end.
 */
export function simulate(draw: Draw, { calls, floorMs, ceilingMs, warmUp }: Run) {
  const random = seeded(42);
  const samples: LatencySample[] = [];
  const timedOut: number[] = [];
  let ending = 0;
  let beyondFixed = 0;
  let timeoutMs = ceilingMs;
  for (let n = 0; n < calls; n += 1) {
    const ms = draw(n, random);
    const isCensored = ms > timeoutMs;
    if (isCensored && Number.isFinite(ms)) timedOut.push(n);
    if (n >= warmUp && Number.isFinite(ms)) ending += 1;
    if (n >= warmUp && Number.isFinite(ms) && ms > FIXED_MS) beyondFixed += 1;
    samples.push({ ms: isCensored ? timeoutMs : ms, isCensored });
    if (isCensored || n % 16 === 0) timeoutMs = learnTimeout(samples, { floorMs, ceilingMs, previousMs: timeoutMs });
  }
  const judged = timedOut.filter((n) => n >= warmUp).length;
  return { falseRate: judged / ending, fixedFalseRate: beyondFixed / ending, timeoutMs, timedOut };
}
