import type { FirewallMemory } from '../alan/memory.ts';
import type { Complexity } from '../core/bounds.ts';
import type { Box } from './box.ts';

/** Something small that is read from a firewall from time to time and remembered. */
export interface BackgroundJob {
  /** Its name in the records of calls. */
  readonly name: string;
  readonly complexity: Complexity;
  /** From the first answered call to the first run, in milliseconds. */
  readonly firstMs: number;
  /** From the end of a run to the next, in milliseconds. */
  readonly everyMs: number;
  run(box: Box, memory: FirewallMemory): Promise<void>;
}

/** Runs jobs of one firewall after it has answered; never keeps the process alive, and a job that fails waits its turn. */
export class Background {
  readonly #jobs: readonly BackgroundJob[];
  readonly #run: (job: BackgroundJob) => Promise<void>;
  readonly #timers = new Map<BackgroundJob, NodeJS.Timeout>();
  #isStopped = false;

  constructor(jobs: readonly BackgroundJob[], run: (job: BackgroundJob) => Promise<void>) {
    this.#jobs = jobs;
    this.#run = run;
  }

  /** Starts, if it has not. */
  start(): void {
    if (this.#timers.size > 0) return;
    for (const job of this.#jobs) this.#plan(job, job.firstMs);
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #plan(job: BackgroundJob, ms: number): void {
    if (!this.#isStopped) this.#timers.set(job, setTimeout(() => void this.#round(job), ms).unref());
  }

  async #round(job: BackgroundJob): Promise<void> {
    // Nobody waits for it; the guard has recorded why it failed.
    await this.#run(job).catch(() => undefined);
    this.#plan(job, job.everyMs);
  }
}
