import { raceAbort } from '../core/abort.ts';

/** What a channel is for. sshd allows ten sessions on a connection; we use six, one of them always free for a kill. */
export type Lane = 'read' | 'write' | 'health' | 'kill';

const LIMITS: Readonly<Record<Lane, number>> = { read: 3, write: 1, health: 1, kill: 1 };

/** Counts the channels of one connection by lane. */
export class Lanes {
  readonly #taken: Record<Lane, number> = { read: 0, write: 0, health: 0, kill: 0 };
  readonly #waiting: Record<Lane, (() => void)[]> = { read: [], write: [], health: [], kill: [] };

  /** Waits for a place; the returned function gives it back and may be called more than once. */
  async take(lane: Lane, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    while (this.#taken[lane] >= LIMITS[lane]) await this.#place(lane, signal);
    this.#taken[lane] += 1;
    let isMine = true;
    return () => {
      if (!isMine) return;
      isMine = false;
      this.#taken[lane] -= 1;
      this.#waiting[lane].shift()?.();
    };
  }

  async #place(lane: Lane, signal: AbortSignal): Promise<void> {
    let wake = (): void => undefined;
    const free = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.#waiting[lane].push(wake);
    try {
      await raceAbort(free, signal);
    } catch (error) {
      const at = this.#waiting[lane].indexOf(wake);
      // Already woken for a place that this waiter no longer wants: pass it on.
      if (at === -1) this.#waiting[lane].shift()?.();
      else this.#waiting[lane].splice(at, 1);
      throw error;
    }
  }
}
