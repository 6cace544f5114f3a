import { monotonicMs, sleep } from '../core/clock.ts';
import type { PhpSession } from '../ssh/php-session.ts';
import type { Waiter } from './link.ts';

/** Waiting this long for a warm session to become free is cheaper than starting another, in milliseconds. */
const PATIENCE_MS = 50;

export interface Lease {
  readonly session: PhpSession;
  /** Whether the session had answered before. */
  readonly isWarm: boolean;
}

export type SessionStarter = (waiter: Waiter) => Promise<PhpSession>;

/**
 * Warm PHP sessions for reads, at most `limit()` of them. A session serves one call at a time; it is replaced
 * when it is closed, too old, or its code changed on the firewall.
 */
export class SessionPool {
  readonly #start: SessionStarter;
  readonly #limit: () => number;
  readonly #idle: PhpSession[] = [];
  readonly #leased = new Set<PhpSession>();
  readonly #waiting = new Set<() => void>();
  #starting = 0;

  constructor(start: SessionStarter, limit: () => number) {
    this.#start = start;
    this.#limit = limit;
  }

  get size(): number {
    return this.#idle.length + this.#leased.size + this.#starting;
  }

  /** Sessions that exist now, leased ones included. */
  sessions(): PhpSession[] {
    return [...this.#idle, ...this.#leased];
  }

  /** A session that may run a call of `deadlineMs`; the caller gives it back with `release`. */
  async lease(deadlineMs: number, waiter: Waiter): Promise<Lease> {
    for (;;) {
      waiter.signal.throwIfAborted();
      const warm = this.#takeIdle(deadlineMs);
      if (warm) return { session: warm, isWarm: warm.calls > 0 };
      if (this.size === 0) return { session: await this.#startOne(waiter), isWarm: false };
      await this.#released(waiter.signal);
      if (this.#idle.length === 0 && this.size < this.#limit()) {
        return { session: await this.#startOne(waiter), isWarm: false };
      }
    }
  }

  release(session: PhpSession): void {
    if (!this.#leased.delete(session)) return;
    if (session.isOpen) this.#idle.push(session);
    for (const wake of this.#waiting) wake();
  }

  /** Closes all sessions; those in use end with their call. */
  async close(): Promise<void> {
    const idle = this.#idle.splice(0);
    await Promise.all(idle.map((session) => session.close()));
    for (const session of this.#leased) void session.close();
  }

  #takeIdle(deadlineMs: number): PhpSession | undefined {
    while (this.#idle.length > 0) {
      const session = this.#idle.pop();
      if (!session) return undefined;
      if (session.isOpen && session.isFresh(monotonicMs(), deadlineMs)) {
        this.#leased.add(session);
        return session;
      }
      void session.close();
    }
    return undefined;
  }

  async #startOne(waiter: Waiter): Promise<PhpSession> {
    this.#starting += 1;
    try {
      const session = await this.#start(waiter);
      this.#leased.add(session);
      return session;
    } finally {
      this.#starting -= 1;
    }
  }

  /** Resolves when a session is given back, or after a short while. */
  async #released(signal: AbortSignal): Promise<void> {
    let wake = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.#waiting.add(wake);
    try {
      await Promise.race([released, sleep(PATIENCE_MS, signal)]);
    } finally {
      this.#waiting.delete(wake);
    }
  }
}
