import { monotonicMs, wallMs } from '../core/clock.ts';

export interface ProbeResult {
  readonly ok: boolean;
  readonly durationMs: number;
  /** Wall-clock time in milliseconds since the epoch. */
  readonly at: number;
}

export interface HealthMonitorOptions {
  /** Asks whether the firewall still works; must settle by itself. Undefined: there is nothing to probe now. */
  readonly probe: () => Promise<void> | undefined;
  readonly onResult: (result: ProbeResult) => void;
  /** Time between probes while all is well, in milliseconds. */
  readonly intervalMs: number;
}

/** After a failure the next probe comes sooner, down to this share of the interval. */
const HASTE = 0.25;

/** Probes one firewall from time to time: sooner after a failure, again at leisure when it is stable. */
export class HealthMonitor {
  readonly #options: HealthMonitorOptions;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: HealthMonitorOptions) {
    this.#options = options;
  }

  /** Starts, if it has not; never keeps the process alive. */
  start(): void {
    if (this.#timer || this.#isStopped || this.#options.intervalMs === 0) return;
    this.#plan(this.#options.intervalMs);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #plan(ms: number): void {
    this.#timer = setTimeout(() => void this.#round(), ms).unref();
  }

  async #round(): Promise<void> {
    const ok = await this.#probe();
    if (this.#isStopped) return;
    this.#plan(this.#options.intervalMs * (ok ? 1 : HASTE));
  }

  async #probe(): Promise<boolean> {
    const probe = this.#options.probe();
    if (!probe) return true;
    const began = monotonicMs();
    const ok = await probe.then(
      () => true,
      () => false,
    );
    this.#options.onResult({ ok, durationMs: monotonicMs() - began, at: wallMs() });
    return ok;
  }
}
