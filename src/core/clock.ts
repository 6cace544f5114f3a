import { setTimeout as delay } from 'node:timers/promises';

/** Wall-clock time in milliseconds since the epoch; jumps when the clock is set. */
export const wallMs = (): number => Date.now();

/** Monotonic time in milliseconds; only differences mean something. */
export const monotonicMs = (): number => performance.now();

/** Waits `ms` milliseconds; rejects with the signal's reason when aborted. Does not keep the process alive. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  try {
    await delay(ms, undefined, { signal, ref: false });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
