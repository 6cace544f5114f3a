import { raceAbort } from '../core/abort.ts';
import { PfsenseError, type Phase } from '../core/errors.ts';
import type { SshConnection } from '../ssh/connection.ts';

/** Opens one connection; reports each phase as it is entered. */
export type Connector = (signal: AbortSignal, onPhase: (phase: Phase) => void) => Promise<SshConnection>;

/** Who waits for the connection: told the phase, free to leave through its signal. */
export interface Waiter {
  readonly signal: AbortSignal;
  phase: Phase;
}

interface Attempt {
  readonly result: Promise<SshConnection>;
  readonly waiters: Set<Waiter>;
}

/**
 * Keeps the one SSH connection to a firewall. Callers share an attempt that is under way, and an attempt
 * outlives the caller that began it, because sshguard counts a hang-up before authentication as an attack.
 * A failed attempt is forgotten at once.
 */
export class Link {
  readonly #connect: Connector;
  readonly #attemptMs: number;
  readonly #closing = new AbortController();
  #open: SshConnection | undefined;
  #attempt: Attempt | undefined;
  #handshakes = 0;

  /** `attemptMs` bounds one attempt, from name look-up to authentication, in milliseconds. */
  constructor(connect: Connector, attemptMs: number) {
    this.#connect = connect;
    this.#attemptMs = attemptMs;
  }

  /** Completed handshakes since the start. */
  get handshakes(): number {
    return this.#handshakes;
  }

  get isOpen(): boolean {
    return this.#open?.isOpen ?? false;
  }

  /** The open connection, or the one that is being made; leaves with the waiter's reason when that aborts first. */
  async connection(waiter: Waiter): Promise<SshConnection> {
    waiter.signal.throwIfAborted();
    if (this.#open?.isOpen) return this.#open;
    const attempt = this.#attempt ?? this.#begin();
    attempt.waiters.add(waiter);
    try {
      return await raceAbort(attempt.result, waiter.signal);
    } finally {
      attempt.waiters.delete(waiter);
    }
  }

  /** Drops the connection, so that the next caller makes a fresh one. */
  reset(): void {
    this.#open?.destroy();
    this.#open = undefined;
  }

  async close(): Promise<void> {
    this.#closing.abort(new PfsenseError('cancelled', 'The driver is closing.', { phase: 'queue' }));
    await this.#attempt?.result.catch(() => undefined);
    const open = this.#open;
    this.#open = undefined;
    await open?.close();
  }

  #begin(): Attempt {
    const waiters = new Set<Waiter>();
    const limit = new AbortController();
    let reached: Phase = 'dns';
    const announce = (phase: Phase): void => {
      reached = phase;
      for (const waiter of waiters) waiter.phase = phase;
    };
    const timer = setTimeout(() => limit.abort(this.#tooLong(reached)), this.#attemptMs);
    const signal = AbortSignal.any([limit.signal, this.#closing.signal]);
    const result = this.#connect(signal, announce)
      .then((connection) => this.#adopt(connection))
      .finally(() => clearTimeout(timer));
    const attempt = { result, waiters };
    this.#attempt = attempt;
    // The attempt may end after its last caller has left; its failure then concerns nobody.
    result.catch(() => undefined).finally(() => this.#forget(attempt));
    return attempt;
  }

  #tooLong(phase: Phase): PfsenseError {
    return new PfsenseError('timeout', `No connection within ${this.#attemptMs} ms.`, { phase });
  }

  #adopt(connection: SshConnection): SshConnection {
    this.#handshakes += 1;
    this.#open = connection;
    connection.onClose(() => {
      if (this.#open === connection) this.#open = undefined;
    });
    return connection;
  }

  #forget(attempt: Attempt): void {
    if (this.#attempt === attempt) this.#attempt = undefined;
  }
}
