import { monotonicMs } from '../core/clock.ts';
import { PfsenseError, type Phase, type SideEffect } from '../core/errors.ts';

/**
 * The one time limit of a call. Its signal aborts with a typed error: `timeout` when the time is over,
 * `cancelled` when the client gave up, both naming the phase that was reached.
 */
export class Deadline {
  /** The phase the call is in; set by the layers below as they go. */
  phase: Phase = 'queue';
  /** What the call may have changed by now; the guard says `unknown` as soon as a write starts, the work may know better. */
  sideEffect: SideEffect = 'none';
  /** A word for the record, such as how the answer was come by. */
  remark: string | undefined;
  readonly #controller = new AbortController();
  readonly #began = monotonicMs();
  readonly #limitMs: number;
  readonly #timer: NodeJS.Timeout;
  readonly #parent: AbortSignal | undefined;
  readonly #onCancel = (): void => this.#end('cancelled', 'The client cancelled the call.');

  /** Starts a limit of `ms` milliseconds; an aborting `parent` means that the client cancelled. */
  constructor(ms: number, parent?: AbortSignal) {
    this.#limitMs = ms;
    this.#parent = parent;
    this.#timer = setTimeout(() => this.#end('timeout', `No answer within ${Math.round(ms)} ms.`), ms);
    if (parent?.aborted) this.#onCancel();
    parent?.addEventListener('abort', this.#onCancel, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  elapsedMs(): number {
    return monotonicMs() - this.#began;
  }

  /** Milliseconds left, never negative. */
  remainingMs(): number {
    return Math.max(0, this.#limitMs - this.elapsedMs());
  }

  /** The call has ended: no timer and no listener stays behind. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#parent?.removeEventListener('abort', this.#onCancel);
  }

  #end(code: 'timeout' | 'cancelled', message: string): void {
    this.#controller.abort(new PfsenseError(code, message, { phase: this.phase, sideEffect: this.sideEffect }));
  }
}
