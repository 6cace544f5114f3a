import PQueue from 'p-queue';
import type { Effect } from '../core/bounds.ts';
import { PfsenseError } from '../core/errors.ts';

const PARALLEL_READS = 3;
const MAX_WAITING = 64;

/** Bulkheads of one firewall: reads side by side, writes one at a time. */
export class CallQueue {
  readonly #reads = new PQueue({ concurrency: PARALLEL_READS });
  readonly #writes = new PQueue({ concurrency: 1 });

  get waiting(): number {
    return this.#reads.size + this.#writes.size;
  }

  get running(): number {
    return this.#reads.pending + this.#writes.pending;
  }

  /**
   * Runs `work` when its lane has room; an aborted signal takes it out of the queue. A read gives its place up when
   * the signal aborts; a write keeps it until it has really ended, so that two writes never overlap.
   * @throws PfsenseError `busy` when too many wait.
   */
  async run<T>(effect: Effect, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const lane = effect === 'read' ? this.#reads : this.#writes;
    if (lane.size >= MAX_WAITING) {
      throw new PfsenseError('busy', `${lane.size} calls are waiting already.`, {
        phase: 'queue',
        retryAfterMs: 1_000,
      });
    }
    return effect === 'read' ? lane.add(work, { signal }) : whileWaiting(lane, work, signal);
  }
}

/** p-queue frees the place of running work when its signal aborts, so this signal covers the wait only. */
async function whileWaiting<T>(lane: PQueue, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const wait = new AbortController();
  const leave = (): void => wait.abort(signal.reason);
  const start = (): Promise<T> => {
    signal.removeEventListener('abort', leave);
    return work();
  };
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave, { once: true });
  return lane.add(start, { signal: wait.signal });
}
