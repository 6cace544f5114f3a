import { CLASS_FLOOR_MS, COMPLEXITIES, type Complexity } from '../core/bounds.ts';

/** How long one call took; censored when it was given up at this time without having ended. */
export interface LatencySample {
  readonly ms: number;
  readonly isCensored: boolean;
}

/** What was measured before, by class, oldest first. */
export interface LatencyHistory {
  latencies(firewall: string, complexity: Complexity): readonly LatencySample[];
}

const WINDOW = 400;
const LITTLE = 20;
const ENOUGH = 300;

/** Room above the learned p99: no more, or a real outage is noticed late. */
const HEADROOM = 1.4;

/**
 * When more than `TAIL` of the calls hang, nothing bounds the p99, and each hang would double the time-out up to the
 * ceiling. So long as hangs are single, this many times the p95 is enough for any call that ends.
 */
const HANG_FACTOR = 10;
const HANG_TAIL = 0.05;

/** Longest share of completed calls that the time-out may cut off. */
const TAIL = 0.01;

/**
 * The time-out that measurements justify, in milliseconds. A time-out is a censored sample (the call would have
 * taken at least so long), so the p99 is estimated after Kaplan and Meier; where censoring hides it, the time-out
 * doubles. With few samples mean + 4 deviations is used, as in RFC 6298.
 */
export function learnTimeout(samples: readonly LatencySample[], limits: Limits): number {
  const recent = samples.slice(-WINDOW);
  if (recent.length < LITTLE) return limits.ceilingMs;
  const wanted = recent.length < ENOUGH ? fromFew(recent) : fromMany(recent);
  const grown = Math.min(wanted, limits.previousMs * 2);
  return Math.min(limits.ceilingMs, Math.max(limits.floorMs, grown));
}

interface Limits {
  readonly floorMs: number;
  readonly ceilingMs: number;
  readonly previousMs: number;
}

function fromFew(samples: readonly LatencySample[]): number {
  // Karn's rule: a call that was given up says nothing about how long one takes, except that it is too early to judge.
  if (samples.some((sample) => sample.isCensored)) return Number.POSITIVE_INFINITY;
  const mean = average(samples.map(({ ms }) => ms));
  const deviation = average(samples.map(({ ms }) => Math.abs(ms - mean)));
  const longest = Math.max(...samples.map(({ ms }) => ms));
  return Math.max(mean + 4 * deviation, HEADROOM * longest);
}

function fromMany(samples: readonly LatencySample[]): number {
  const isHidden = survivalQuantile(samples, TAIL) === Number.POSITIVE_INFINITY;
  if (isHidden && isCalm(samples)) return HANG_FACTOR * survivalQuantile(samples, HANG_TAIL);
  return HEADROOM * survivalQuantile(samples, TAIL);
}

/** Most of the newest calls ended: those that did not were single hangs, and not the beginning of slower times. */
function isCalm(samples: readonly LatencySample[]): boolean {
  const newest = samples.slice(-LITTLE);
  return newest.filter((sample) => sample.isCensored).length <= LITTLE / 4;
}

/** The time by which all but `tail` of the calls end; infinite when the censored ones hide it. */
export function survivalQuantile(samples: readonly LatencySample[], tail: number): number {
  const sorted = [...samples].sort((a, b) => a.ms - b.ms);
  let surviving = 1;
  for (const [index, sample] of sorted.entries()) {
    const atRisk = sorted.length - index;
    if (!sample.isCensored) surviving *= 1 - 1 / atRisk;
    if (surviving <= tail) return sample.ms;
  }
  return Number.POSITIVE_INFINITY;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The time-outs of one firewall's reads, learned as calls end. Writes always get the full deadline of their class. */
export class Timeouts {
  readonly #ceilings: Readonly<Record<Complexity, number>>;
  readonly #samples = new Map<Complexity, LatencySample[]>();
  readonly #learned = new Map<Complexity, number>();

  constructor(firewall: string, ceilings: Readonly<Record<Complexity, number>>, history: LatencyHistory) {
    this.#ceilings = ceilings;
    for (const complexity of COMPLEXITIES) {
      const samples = history.latencies(firewall, complexity).slice(-WINDOW);
      this.#samples.set(complexity, samples);
      this.#learn(complexity);
    }
  }

  /** The full deadline of a class, in milliseconds. */
  ceiling(complexity: Complexity): number {
    return this.#ceilings[complexity];
  }

  /** The time-out of a read now, in milliseconds. */
  read(complexity: Complexity): number {
    return this.#learned.get(complexity) ?? this.ceiling(complexity);
  }

  add(complexity: Complexity, sample: LatencySample): void {
    const samples = this.#samples.get(complexity) ?? [];
    samples.push(sample);
    if (samples.length > WINDOW) samples.shift();
    this.#samples.set(complexity, samples);
    // Sorting the window for every call would cost more than it tells; a time-out is news at once.
    if (sample.isCensored || samples.length % 16 === 0) this.#learn(complexity);
  }

  #learn(complexity: Complexity): void {
    const ceilingMs = this.ceiling(complexity);
    const floorMs = Math.min(CLASS_FLOOR_MS[complexity], ceilingMs);
    const previousMs = this.read(complexity);
    const samples = this.#samples.get(complexity) ?? [];
    this.#learned.set(complexity, learnTimeout(samples, { floorMs, ceilingMs, previousMs }));
  }
}
