import { monotonicMs } from '../core/clock.ts';
import { PfsenseError } from '../core/errors.ts';
import type { Lane } from '../ssh/lanes.ts';
import type { Hello, PhpSession } from '../ssh/php-session.ts';
import type { Rung } from './box.ts';
import type { Link, Waiter } from './link.ts';
import { SessionPool } from './session-pool.ts';

/** After pfSsh.php failed to start, plain PHP is used for this long before it is tried again, in milliseconds. */
const PFSSH_RETRY_MS = 300_000;

/** Below this much memory a firewall gets one session only (40–80 MB each), in bytes. */
const SMALL_BOX_BYTES = 2 * 1024 ** 3;

const READ_SESSIONS = 3;

export interface SessionLease {
  readonly session: PhpSession;
  readonly isWarm: boolean;
  readonly rung: Rung;
}

type Via = 'pfSsh' | 'php';

/** Starts a PHP session on an open connection. */
export type StartSession = (waiter: Waiter, via: Via, lane: Lane) => Promise<PhpSession>;

/** The PHP sessions of one firewall: pfSsh.php first, plain PHP where that does not start. */
export class Sessions {
  readonly #link: Link;
  readonly #start: StartSession;
  readonly #vias = new WeakMap<PhpSession, Via>();
  #pool: SessionPool;
  #pfSshFailedAt = Number.NEGATIVE_INFINITY;
  #hello: Hello | undefined;

  constructor(link: Link, start: StartSession) {
    this.#link = link;
    this.#start = start;
    this.#pool = this.#newPool();
  }

  /** What the firewall last said about itself. */
  get hello(): Hello | undefined {
    return this.#hello;
  }

  get open(): readonly PhpSession[] {
    return this.#pool.sessions();
  }

  async lease(deadline: Waiter & { remainingMs(): number }): Promise<SessionLease> {
    const { session, isWarm } = await this.#pool.lease(deadline.remainingMs(), deadline);
    const via = this.#vias.get(session) ?? 'pfSsh';
    return { session, isWarm, rung: via === 'php' ? 'php' : isWarm ? 'warm session' : 'fresh session' };
  }

  /** A session for one write: nothing else runs in it, and what a write leaves in memory ends with it. */
  async forWrite(waiter: Waiter): Promise<PhpSession> {
    return this.#startAny(waiter, 'write');
  }

  release(lease: SessionLease): void {
    this.#pool.release(lease.session);
  }

  /** Drops sessions and connection, so that the next call starts afresh. */
  reset(): void {
    const old = this.#pool;
    this.#pool = this.#newPool();
    this.#link.reset();
    void old.close();
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  #newPool(): SessionPool {
    return new SessionPool(
      (waiter) => this.#startAny(waiter, 'read'),
      () => this.#limit(),
    );
  }

  #limit(): number {
    const memory = this.#hello?.capabilities['memoryBytes'];
    return typeof memory === 'number' && memory < SMALL_BOX_BYTES ? 1 : READ_SESSIONS;
  }

  async #startAny(waiter: Waiter, lane: Lane): Promise<PhpSession> {
    if (monotonicMs() - this.#pfSshFailedAt < PFSSH_RETRY_MS) return this.#startVia(waiter, 'php', lane);
    try {
      return await this.#startVia(waiter, 'pfSsh', lane);
    } catch (error) {
      if (!(error instanceof PfsenseError) || error.code !== 'php_unavailable') throw error;
      const session = await this.#startVia(waiter, 'php', lane);
      this.#pfSshFailedAt = monotonicMs();
      return session;
    }
  }

  async #startVia(waiter: Waiter, via: Via, lane: Lane): Promise<PhpSession> {
    const session = await this.#start(waiter, via, lane);
    this.#vias.set(session, via);
    this.#hello = session.hello;
    return session;
  }
}
