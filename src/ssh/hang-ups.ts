import { monotonicMs } from '../core/clock.ts';
import { PfsenseError } from '../core/errors.ts';

/**
 * What sshguard notes against our address, in its points (measured with the parser of 2.4.2); at 30 within half
 * an hour it blocks SSH and the web interface for everybody behind the address.
 */
export const HANG_UP_POINTS = 2;
export const NO_AGREEMENT_POINTS = 10;

const CAPACITY = 10;
const REFILL_MS = 30 * 60_000;

/** Keeps logins that break off before authentication from adding up to a block. One per firewall and process. */
export class HangUpBudget {
  #points = CAPACITY;
  #at: number;
  readonly #clock: () => number;

  constructor(clock: () => number = monotonicMs) {
    this.#clock = clock;
    this.#at = clock();
  }

  /** @throws PfsenseError `circuit_open` while one more hang-up would be too many. */
  check(firewall: string): void {
    this.#refill();
    const missing = HANG_UP_POINTS - this.#points;
    if (missing <= 0) return;
    const message = `Several logins to ${firewall} broke off half-way; one more now could get this address blocked.`;
    throw new PfsenseError('circuit_open', message, {
      phase: 'tcp',
      retryAfterMs: Math.ceil((missing * REFILL_MS) / CAPACITY),
    });
  }

  spend(points: number): void {
    this.#refill();
    this.#points -= points;
  }

  #refill(): void {
    const now = this.#clock();
    this.#points = Math.min(CAPACITY, this.#points + ((now - this.#at) * CAPACITY) / REFILL_MS);
    this.#at = now;
  }
}
