import { PfsenseError, toPfsenseError } from '../core/errors.ts';
import { type Box, type Rung, worstRung } from '../pfsense/box.ts';
import type { Firewall } from '../pfsense/firewall.ts';
import type { FleetView, Look, Tool } from '../tools/tool.ts';
import type { ExecuteParts } from './execute.ts';
import { permit } from './permit.ts';

/** Firewalls that are asked at the same time: each may be a login of its own. */
const MAX_PARALLEL = 20;

/** Longest time for everything that one of them is asked, in milliseconds: clients wait a minute for 40 firewalls. */
const BUDGET_MS = 25_000;

/** What one call asks of several firewalls; every question goes under the guard of the firewall that it is for. */
export class Looks implements FleetView {
  readonly #parts: Pick<ExecuteParts, 'fleet' | 'settings'>;
  readonly #tool: Tool;
  readonly #preview: string;
  readonly #signal: AbortSignal | undefined;
  readonly #rungs = new Set<Rung>();
  #staleMs: number | undefined;

  constructor(parts: Pick<ExecuteParts, 'fleet' | 'settings'>, tool: Tool, preview: string, signal?: AbortSignal) {
    this.#parts = parts;
    this.#tool = tool;
    this.#preview = preview;
    this.#signal = signal;
  }

  get names(): readonly string[] {
    return this.#parts.fleet.names;
  }

  /** How the answers were come by, the worst of them all. */
  served(): { servedBy: Rung; staleMs: number | undefined } {
    return { servedBy: worstRung(this.#rungs), staleMs: this.#staleMs };
  }

  async look<T>(names: readonly string[], work: (box: Box) => Promise<T>): Promise<Look<T>[]> {
    const firewalls = names.map((name) => this.#parts.fleet.get(name));
    const looks: Look<T>[] = [];
    const queue = [...firewalls.entries()];
    const worker = async (): Promise<void> => {
      for (let next = queue.shift(); next; next = queue.shift()) looks[next[0]] = await this.#lookAt(next[1], work);
    };
    await Promise.all(Array.from({ length: Math.min(MAX_PARALLEL, queue.length) }, worker));
    this.#signal?.throwIfAborted();
    return looks;
  }

  /** A box whose every call is a job of its own. */
  box(name: string): Box {
    const own = new AbortController().signal;
    return this.#box(this.#parts.fleet.get(name), this.#signal ?? own);
  }

  async #lookAt<T>(firewall: Firewall, work: (box: Box) => Promise<T>): Promise<Look<T>> {
    const budget = AbortSignal.timeout(BUDGET_MS);
    const signal = this.#signal ? AbortSignal.any([this.#signal, budget]) : budget;
    try {
      permit(this.#parts.settings, this.#tool, firewall.name);
      return { firewall: firewall.name, value: await work(this.#box(firewall, signal)) };
    } catch (thrown) {
      const isLate = budget.aborted && !this.#signal?.aborted;
      return { firewall: firewall.name, error: isLate ? late() : toPfsenseError(thrown, 'run') };
    }
  }

  #box(firewall: Firewall, signal: AbortSignal): Box {
    const { name, effect } = this.#tool;
    return {
      name: firewall.name,
      signal,
      call: async (snippet, input) => {
        const job = { tool: name, complexity: snippet.complexity, effect, preview: this.#preview };
        const answer = await firewall.run(job, (box) => box.call(snippet, input), signal);
        // A copy from before an outage says nothing about how firewalls differ now.
        if (answer.servedBy === 'last known good') throw notLive();
        this.#rungs.add(answer.servedBy);
        this.#staleMs = answer.staleMs === undefined ? this.#staleMs : Math.max(answer.staleMs, this.#staleMs ?? 0);
        return answer.value;
      },
    };
  }
}

function late(): PfsenseError {
  return new PfsenseError('timeout', `The firewall took longer than ${BUDGET_MS / 1000} s.`, { phase: 'run' });
}

function notLive(): PfsenseError {
  return new PfsenseError('unreachable', 'The firewall does not answer; an older copy is not compared.', {
    phase: 'run',
  });
}
