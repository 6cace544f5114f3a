import { raceAbort } from '../core/abort.ts';
import { CLASS_DEADLINE_MS, type Complexity, type Effect } from '../core/bounds.ts';
import { sleep, wallMs } from '../core/clock.ts';
import { type ErrorCode, PfsenseError, toPfsenseError } from '../core/errors.ts';
import type { Settings } from '../core/settings.ts';
import { Breaker, type BreakerName, type BreakerStore } from './breaker.ts';
import { Deadline } from './deadline.ts';
import { CallQueue } from './queue.ts';
import { type LatencyHistory, Timeouts } from './timeouts.ts';

/** One call as the guard sees it. */
export interface Job {
  readonly tool: string;
  readonly firewall: string;
  readonly complexity: Complexity;
  readonly effect: Effect;
  /** Arguments for the record, redacted by the caller. */
  readonly preview: string;
}

/** How a call ended; the guard emits one for each, attempts included in it. */
export interface CallEvent extends Job {
  readonly durationMs: number;
  readonly success: boolean;
  readonly errorType: ErrorCode | undefined;
  /** Given up at its time-out: it would have taken at least this long. */
  readonly isCensored: boolean;
  /** What the work noted on its deadline. */
  readonly remark: string | undefined;
  /** Wall-clock time of its end, in milliseconds since the epoch. */
  readonly at: number;
}

export interface Attempt {
  readonly number: number;
  /** The one call that is let through to see whether the firewall is back; it uses a fresh connection. */
  readonly isProbe: boolean;
}

export type GuardedWork<T> = (deadline: Deadline, attempt: Attempt) => Promise<T>;

export interface GuardState {
  readonly breaker: { readonly state: BreakerName; readonly failures: number; readonly retryAfterMs: number };
  readonly timeoutsMs: Readonly<Record<string, number>>;
  readonly waiting: number;
  readonly running: number;
}

export interface GuardOptions {
  readonly firewall: string;
  readonly settings: Pick<Settings, 'breaker' | 'deadlinesMs'>;
  readonly history: LatencyHistory;
  readonly breakerStore: BreakerStore;
  readonly onCall: (event: CallEvent) => void;
}

const MAX_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 100;

/**
 * NEVERHANG for one firewall: breaker, queue, one deadline over everything, retry for reads.
 * `run` settles at its deadline even when the work never does.
 */
export class Guard {
  readonly #options: GuardOptions;
  readonly #breaker: Breaker;
  readonly #queue = new CallQueue();
  readonly #timeouts: Timeouts;

  constructor(options: GuardOptions) {
    this.#options = options;
    this.#breaker = new Breaker(options.firewall, options.settings.breaker, options.breakerStore);
    const ceilings = { ...CLASS_DEADLINE_MS, ...options.settings.deadlinesMs };
    this.#timeouts = new Timeouts(options.firewall, ceilings, options.history);
  }

  /** Runs `work` under all policies. An aborting `signal` cancels it. Rejects with PfsenseError only. */
  async run<T>(job: Job, work: GuardedWork<T>, signal?: AbortSignal): Promise<T> {
    const deadline = new Deadline(this.#limit(job), signal);
    try {
      const value = await raceAbort(this.#admit(job, work, deadline), deadline.signal);
      this.#record(job, deadline, undefined);
      return value;
    } catch (thrown) {
      const ended = deadline.signal.aborted ? deadline.signal.reason : thrown;
      const error = withSideEffect(toPfsenseError(ended, deadline.phase), deadline);
      this.#record(job, deadline, error.code);
      throw error;
    } finally {
      deadline.dispose();
    }
  }

  state(): GuardState {
    const breaker = this.#breaker;
    const complexities = ['simple', 'interface', 'firewall', 'config'] as const;
    return {
      breaker: { state: breaker.state, failures: breaker.failures, retryAfterMs: Math.ceil(breaker.retryAfterMs()) },
      timeoutsMs: Object.fromEntries(complexities.map((name) => [name, Math.round(this.#timeouts.read(name))])),
      waiting: this.#queue.waiting,
      running: this.#queue.running,
    };
  }

  #limit({ effect, complexity }: Job): number {
    return effect === 'read' ? this.#timeouts.read(complexity) : this.#timeouts.ceiling(complexity);
  }

  #admit<T>(job: Job, work: GuardedWork<T>, deadline: Deadline): Promise<T> {
    return this.#breaker.run((isProbe) => {
      const queued = this.#queue.run(job.effect, () => attempts(job, work, deadline, isProbe), deadline.signal);
      // The breaker learns the outcome at the deadline, not when stuck work settles at last.
      return raceAbort(queued, deadline.signal);
    });
  }

  #record(job: Job, deadline: Deadline, errorType: ErrorCode | undefined): void {
    const durationMs = deadline.elapsedMs();
    const isCensored = errorType === 'timeout';
    const isMeasured = errorType === undefined || isCensored;
    if (isMeasured) this.#timeouts.add(job.complexity, { ms: durationMs, isCensored });
    const { remark } = deadline;
    const success = errorType === undefined;
    this.#options.onCall({ ...job, durationMs, success, errorType, isCensored, remark, at: wallMs() });
  }
}

async function attempts<T>(job: Job, work: GuardedWork<T>, deadline: Deadline, isProbe: boolean): Promise<T> {
  for (let number = 1; ; number += 1) {
    deadline.signal.throwIfAborted();
    if (job.effect !== 'read') deadline.sideEffect = 'unknown';
    try {
      return await work(deadline, { number, isProbe });
    } catch (error) {
      if (number >= MAX_ATTEMPTS || isProbe || !isRepeatable(job, error)) throw error;
      const pauseMs = FIRST_PAUSE_MS * 2 ** number * (0.5 + Math.random());
      if (pauseMs > deadline.remainingMs()) throw error;
      await sleep(pauseMs, deadline.signal);
    }
  }
}

/** The failures after which nobody knows whether the firewall carried out what it was told. */
const LEAVES_IN_DOUBT: ReadonlySet<ErrorCode> = new Set([
  'timeout',
  'box_timeout',
  'cancelled',
  'connection_lost',
  'bad_reply',
  'reply_too_large',
  'snippet_failed',
  'internal',
]);

/** A failed write is never reported as harmless, and so as repeatable, unless its error says so itself. */
function withSideEffect(error: PfsenseError, { sideEffect }: Deadline): PfsenseError {
  const { code, message, facts } = error;
  if (sideEffect === 'none' || facts.sideEffect !== undefined || !LEAVES_IN_DOUBT.has(code)) return error;
  return new PfsenseError(code, message, { ...facts, sideEffect, cause: facts.cause ?? error });
}

/**
 * Time-outs have used the time up. A failed handshake is a hang-up before authentication, which sshguard counts
 * as an attack: repeating it at once would block this address.
 */
const NEVER_REPEATED: ReadonlySet<ErrorCode> = new Set([
  'timeout',
  'box_timeout',
  'live_only',
  'handshake_failed',
  'circuit_open',
]);

/** Only reads are repeated, and only after failures that may pass by themselves. */
function isRepeatable(job: Job, error: unknown): boolean {
  if (job.effect !== 'read' || !(error instanceof PfsenseError)) return false;
  const { code } = error;
  return error.report().retryable && !NEVER_REPEATED.has(code);
}
