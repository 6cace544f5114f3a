import { DEADLINE_GRACE_MS } from '../core/bounds.ts';
import { wallMs } from '../core/clock.ts';
import { PfsenseError } from '../core/errors.ts';
import type { Guard, GuardState, Job } from '../neverhang/guard.ts';
import type { Hello } from '../ssh/php-session.ts';
import { type Box, configBox, type Rung, worstRung } from './box.ts';
import type { KnownConfig } from './last-known-good.ts';
import type { Link } from './link.ts';
import { type CallDeadline, LiveBox, type LiveParts } from './live-box.ts';

/** What a call came back with, and how. */
export interface Answer<T> {
  readonly value: T;
  readonly servedBy: Rung;
  /** Age of the data when it is not live, in milliseconds. */
  readonly staleMs?: number;
  readonly warnings: readonly string[];
  /** What is saved on the firewall and not applied yet; absent when nothing is, or when the answer is not live. */
  readonly pendingChanges?: readonly string[];
}

export type Work<T> = (box: Box) => Promise<T>;
export type FirewallJob = Omit<Job, 'firewall'>;

export interface FirewallParts extends LiveParts {
  readonly guard: Guard;
  readonly link: Link;
  readonly lastKnownGood: () => KnownConfig | undefined;
  /** Called after a live answer, to refresh the last known good copy when it is due. */
  readonly onAnswered: () => void;
}

export interface ConnectionReport {
  readonly isOpen: boolean;
  readonly handshakes: number;
  readonly sessions: number;
  readonly hello?: Pick<Hello, 'version' | 'configVersion' | 'php'>;
}

/** Whatever answers the calls of tools under one name. */
export interface Firewall {
  readonly name: string;
  /** @throws PfsenseError always typed, at the latest 500 ms after the deadline of the job's class. */
  run<T>(job: FirewallJob, work: Work<T>, signal?: AbortSignal): Promise<Answer<T>>;
  connection(): ConnectionReport;
  guardState(): GuardState;
  close(): Promise<void>;
}

/** One firewall on the network: runs a tool's work against the best source that answers in time. */
export class LiveFirewall implements Firewall {
  readonly name: string;
  readonly #parts: FirewallParts;

  constructor(parts: FirewallParts) {
    this.name = parts.name;
    this.#parts = parts;
  }

  /**
   * Runs `work` under the guard (breaker, queue, deadline, retry for reads). When the firewall cannot be
   * reached, a read is answered from the last known good configuration if that says it all.
   */
  async run<T>(job: FirewallJob, work: Work<T>, signal?: AbortSignal): Promise<Answer<T>> {
    try {
      return await this.#parts.guard.run(
        { ...job, firewall: this.name },
        (deadline, attempt) => this.#live(work, deadline, attempt.isProbe),
        signal,
      );
    } catch (error) {
      const degraded = job.effect === 'read' && isUnreachable(error) ? await this.#stale(work) : undefined;
      if (degraded) return degraded;
      throw error;
    }
  }

  connection(): ConnectionReport {
    const { link, sessions } = this.#parts;
    const hello = sessions.hello;
    return {
      isOpen: link.isOpen,
      handshakes: link.handshakes,
      sessions: sessions.open.length,
      ...(hello ? { hello: { version: hello.version, configVersion: hello.configVersion, php: hello.php } } : {}),
    };
  }

  guardState(): GuardState {
    return this.#parts.guard.state();
  }

  async close(): Promise<void> {
    await this.#parts.sessions.close();
    await this.#parts.link.close();
  }

  async #live<T>(work: Work<T>, deadline: CallDeadline, isProbe: boolean): Promise<Answer<T>> {
    if (isProbe) this.#parts.sessions.reset();
    const box = new LiveBox(this.#parts, deadline);
    const value = await work(box);
    const servedBy = worstRung(box.used);
    deadline.remark = servedBy;
    this.#parts.onAnswered();
    const { warnings, pendingChanges } = box;
    return { value, servedBy, warnings, ...(pendingChanges.length === 0 ? {} : { pendingChanges }) };
  }

  /** The answer from the last known good copy; undefined when there is none or it does not say enough. */
  async #stale<T>(work: Work<T>): Promise<Answer<T> | undefined> {
    const known = this.#parts.lastKnownGood();
    if (!known) return undefined;
    try {
      const box = configBox(this.name, known.tree, AbortSignal.timeout(DEADLINE_GRACE_MS));
      const value = await work(box);
      return { value, servedBy: 'last known good', staleMs: wallMs() - known.readAt, warnings: [] };
    } catch (error) {
      if (error instanceof PfsenseError && error.code === 'live_only') return undefined;
      throw error;
    }
  }
}

function isUnreachable(error: unknown): boolean {
  return error instanceof PfsenseError && (error.kind.outage || error.code === 'circuit_open');
}
