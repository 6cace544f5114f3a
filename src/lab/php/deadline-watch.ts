/** Time past its deadline that a call gets before the lab ends its process, in milliseconds. */
const GRACE_MS = 1_000;

/** Time that a process has to leave after its input ended, in milliseconds. */
const LEAVE_MS = 3_000;

/**
 * WebAssembly PHP has no signals and no time limit, so what `pcntl_alarm` and `timeout` do on a firewall the lab
 * does from outside: it reads the deadline out of each request and ends the process when that has passed.
 */
export class DeadlineWatch {
  readonly #kill: () => void;
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;
  #hasEnded = false;

  constructor(kill: () => void) {
    this.#kill = kill;
  }

  /** Input went to the process; a request names its deadline. */
  asked(chunk: Buffer): void {
    const deadlineMs = /"deadlineMs":(\d{1,9})[,}]/.exec(chunk.subarray(-200).toString('latin1'))?.[1];
    if (deadlineMs === undefined) return;
    this.#isRunning = true;
    this.#plan(Number(deadlineMs) + GRACE_MS);
  }

  answered(): void {
    this.#isRunning = false;
    clearTimeout(this.#timer);
    if (this.#hasEnded) this.#plan(LEAVE_MS);
  }

  /** Nobody will ask any more. A call that is running may end by its own deadline, as on a firewall. */
  inputEnded(): void {
    this.#hasEnded = true;
    if (!this.#isRunning) this.#plan(LEAVE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #plan(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#kill, ms);
    this.#timer.unref();
  }
}
