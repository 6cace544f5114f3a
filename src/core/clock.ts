/** Wall-clock time in milliseconds since the epoch; jumps when the clock is set. */
export const wallMs = (): number => Date.now();

/** Monotonic time in milliseconds; only differences mean something. */
export const monotonicMs = (): number => performance.now();

/** Waits `ms` milliseconds; rejects with the signal's reason when aborted. Does not keep the process alive. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const leave = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', leave);
      resolve();
    }, ms);
    timer.unref();
    signal?.addEventListener('abort', leave, { once: true });
  });
}
