import {
  type CircuitBreakerPolicy,
  CircuitState,
  circuitBreaker,
  handleWhen,
  type IBreaker,
  isBrokenCircuitError,
} from 'cockatiel';
import { wallMs } from '../core/clock.ts';
import { PfsenseError } from '../core/errors.ts';
import type { Settings } from '../core/settings.ts';

export type BreakerSettings = Settings['breaker'];
export type BreakerName = 'closed' | 'open' | 'half-open';

/** Where the state of a breaker survives a restart; `state` is JSON text. */
export interface BreakerStore {
  loadBreaker(firewall: string): { readonly state: string; readonly savedAt: number } | undefined;
  saveBreaker(firewall: string, state: string, savedAt: number): void;
}

/** A saved state says nothing about the firewall any more after this time, in milliseconds. */
const STATE_LIFETIME_MS = 3_600_000;

/** Opens after a number of outages within a window. */
class WindowBreaker implements IBreaker {
  state: number[] = [];
  readonly #settings: BreakerSettings;

  constructor(settings: BreakerSettings) {
    this.#settings = settings;
  }

  success(): void {
    this.state = [];
  }

  failure(): boolean {
    const since = wallMs() - this.#settings.windowMs;
    this.state = [...this.state.filter((at) => at > since), wallMs()];
    return this.state.length >= this.#settings.failures;
  }
}

/** Refuses calls to a firewall that failed repeatedly, until a single probe succeeds. */
export class Breaker {
  readonly #firewall: string;
  readonly #store: BreakerStore;
  readonly #policy: CircuitBreakerPolicy;
  readonly #window: WindowBreaker;
  #openUntil = 0;

  constructor(firewall: string, settings: BreakerSettings, store: BreakerStore) {
    this.#firewall = firewall;
    this.#store = store;
    this.#window = new WindowBreaker(settings);
    const waits = growingWait(settings);
    const initialState = loadState(store, firewall);
    this.#policy = circuitBreaker(
      handleWhen((error) => this.#counts(error)),
      { halfOpenAfter: waits, breaker: this.#window, ...(initialState ? { initialState } : {}) },
    );
    this.#openUntil = initialState ? openUntil(initialState, settings) : 0;
    this.#policy.onBreak(() => {
      this.#openUntil = openUntil(this.#policy.toJSON(), settings);
    });
    this.#policy.onStateChange(() => this.#save());
  }

  get state(): BreakerName {
    const state = this.#policy.state;
    return state === CircuitState.Closed ? 'closed' : state === CircuitState.Open ? 'open' : 'half-open';
  }

  /** Outages counted in the present window. */
  get failures(): number {
    return this.#window.state.length;
  }

  /** Milliseconds until a probe is let through; 0 when calls are. */
  retryAfterMs(): number {
    return this.state === 'open' ? Math.max(0, this.#openUntil - wallMs()) : 0;
  }

  /**
   * Runs `work` if calls are let through. `work` has to settle by itself.
   * @throws PfsenseError `circuit_open`, or what `work` throws.
   */
  async run<T>(work: (isProbe: boolean) => Promise<T>): Promise<T> {
    try {
      // cockatiel enters the half-open state only after it has started the probe.
      return await this.#policy.execute(() => work(this.state !== 'closed'));
    } catch (error) {
      if (!isBrokenCircuitError(error)) {
        // Not on the policy's own event, which comes before the failure is counted.
        if (error instanceof PfsenseError && error.kind.outage) this.#save();
        throw error;
      }
      throw new PfsenseError('circuit_open', `${this.#firewall} failed repeatedly and is not asked for a while.`, {
        phase: 'queue',
        retryAfterMs: Math.ceil(this.retryAfterMs()),
      });
    }
  }

  /** A probe that proved nothing must not close the breaker. */
  #counts(error: Error): boolean {
    if (!(error instanceof PfsenseError)) return false;
    const provesNothing = error.code === 'cancelled' || error.code === 'busy';
    return error.kind.outage || (provesNothing && this.state !== 'closed');
  }

  #save(): void {
    this.#store.saveBreaker(this.#firewall, JSON.stringify(this.#policy.toJSON()), wallMs());
  }
}

interface Wait {
  readonly duration: number;
  next(): Wait;
}

/** The open time doubles each time a probe fails. */
function growingWait({ openMs, maxOpenMs }: BreakerSettings): { next(): Wait } {
  const wait = (duration: number): Wait => ({ duration, next: () => wait(Math.min(maxOpenMs, duration * 2)) });
  return { next: () => wait(openMs) };
}

interface SavedState {
  readonly ownState?: { readonly openedAt?: number; readonly attemptNo?: number };
}

function openUntil(saved: unknown, { openMs, maxOpenMs }: BreakerSettings): number {
  const { openedAt = 0, attemptNo = 1 } = (saved as SavedState).ownState ?? {};
  return openedAt + Math.min(maxOpenMs, openMs * 2 ** (attemptNo - 1));
}

function loadState(store: BreakerStore, firewall: string): unknown {
  const saved = store.loadBreaker(firewall);
  if (!saved || wallMs() - saved.savedAt > STATE_LIFETIME_MS) return undefined;
  try {
    return JSON.parse(saved.state);
  } catch {
    return undefined;
  }
}
