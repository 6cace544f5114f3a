import type { Store } from '../alan/open.ts';
import { CLASS_DEADLINE_MS } from '../core/bounds.ts';
import { monotonicMs, wallMs } from '../core/clock.ts';
import { PfsenseError, toPfsenseError } from '../core/errors.ts';
import type { GuardState } from '../neverhang/guard.ts';
import { filesBox } from './box.ts';
import { ConfigFolder } from './config-files.ts';
import type { Answer, ConnectionReport, Firewall, FirewallJob, Work } from './firewall.ts';

/** Files in the place of a firewall. Nothing is contacted and nothing can be changed. */
export class OfflineFirewall implements Firewall {
  readonly name: string;
  readonly #folder: ConfigFolder;
  readonly #store: Pick<Store, 'record'>;

  constructor(path: string, store: Pick<Store, 'record'>, name = 'offline') {
    this.name = name;
    this.#folder = new ConfigFolder(path);
    this.#store = store;
  }

  async run<T>(job: FirewallJob, work: Work<T>, signal?: AbortSignal): Promise<Answer<T>> {
    const began = monotonicMs();
    try {
      const answer = await this.#answer(job, work, signal);
      this.#record(job, began, undefined);
      return answer;
    } catch (thrown) {
      const error = toPfsenseError(thrown, 'run');
      this.#record(job, began, error);
      throw error;
    }
  }

  connection(): ConnectionReport {
    return { isOpen: false, handshakes: 0, sessions: 0 };
  }

  guardState(): GuardState {
    return { breaker: { state: 'closed', failures: 0, retryAfterMs: 0 }, timeoutsMs: {}, waiting: 0, running: 0 };
  }

  async close(): Promise<void> {}

  async #answer<T>({ effect, complexity }: FirewallJob, work: Work<T>, signal?: AbortSignal): Promise<Answer<T>> {
    if (effect !== 'read') throw new PfsenseError('refused', 'A configuration file is only read.', { phase: 'policy' });
    const files = this.#folder.read();
    const limit = AbortSignal.timeout(CLASS_DEADLINE_MS[complexity]);
    const value = await work(filesBox(this.name, files, signal ? AbortSignal.any([signal, limit]) : limit));
    const { time } = files.current;
    const age = time === null ? {} : { staleMs: Math.max(0, wallMs() - time * 1000) };
    return { value, servedBy: 'offline file', ...age, warnings: [] };
  }

  /** That a file cannot say something is no failure of a call. */
  #record({ tool, complexity, preview }: FirewallJob, began: number, error: PfsenseError | undefined): void {
    this.#store.record({
      tool,
      firewall: this.name,
      complexity,
      durationMs: monotonicMs() - began,
      success: error === undefined || error.code === 'live_only',
      errorType: error?.code,
      isCensored: false,
      rung: 'offline file',
      preview,
      at: wallMs(),
    });
  }
}
