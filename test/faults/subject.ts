import { z } from 'zod';
import { memoryStore } from '../../src/alan/memory-store.ts';
import type { Store } from '../../src/alan/open.ts';
import type { Complexity } from '../../src/core/bounds.ts';
import { type FirewallSettings, Settings } from '../../src/core/settings.ts';
import { Deadline } from '../../src/neverhang/deadline.ts';
import { diagnose } from '../../src/pfsense/diagnosis.ts';
import type { Firewall } from '../../src/pfsense/firewall.ts';
import { createFleet, type Fleet } from '../../src/pfsense/fleet.ts';
import { defineSnippet } from '../../src/pfsense/snippet.ts';
import { connect, type SshConnection } from '../../src/ssh/connection.ts';
import { memoryLatch } from '../../src/ssh/latch.ts';
import { runCommand } from '../../src/ssh/run.ts';
import { resolveTarget } from '../../src/ssh/target.ts';

/** The only file here that knows the driver's interfaces. */

/** Deadlines of the fault tests: a tenth of the real ones or so, and far above what a healthy call takes. */
export const DEADLINES_MS = { simple: 1_000, interface: 1_000, firewall: 1_200, config: 1_500, dangerous: 2_000 };

const anything = z.record(z.string(), z.unknown());

const systemInfo = defineSnippet({
  id: 'system/info',
  effect: 'read',
  complexity: 'simple',
  input: z.strictObject({}),
  output: anything,
});

const configGet = defineSnippet({
  id: 'config/get',
  effect: 'read',
  complexity: 'config',
  input: z.strictObject({ path: z.string(), secretNames: z.array(z.string()), pseudonymKey: z.string() }),
  output: z.object({ tree: anything }),
  fromConfig: (config) => ({ tree: anything.parse(config) }),
});

const logSearch = defineSnippet({
  id: 'log/search',
  effect: 'read',
  complexity: 'firewall',
  input: z.strictObject({ log: z.string(), text: z.string(), limit: z.int(), skip: z.int() }),
  output: z.object({ lines: z.array(z.string()) }),
});

export interface SubjectOptions {
  readonly login: FirewallSettings;
  readonly stateDir: string;
  readonly settings?: Partial<z.input<typeof Settings>>;
  readonly store?: Store;
}

/** The driver as a user of it sees it. */
export class Subject {
  readonly store: Store;
  readonly #fleet: Fleet;

  constructor({ login, stateDir, settings, store }: SubjectOptions) {
    this.store = store ?? memoryStore('a test');
    const all = Settings.parse({
      firewalls: { fw: login },
      deadlinesMs: DEADLINES_MS,
      healthIntervalMs: 0,
      // Only the cell that is about the breaker wants to meet it.
      breaker: { failures: 1_000 },
      ...settings,
    });
    this.#fleet = createFleet({ settings: all, store: this.store, stateDir });
  }

  get firewall(): Firewall {
    return this.#fleet.get();
  }

  /** A small read; resolves with the host name. */
  async readName(signal?: AbortSignal): Promise<string> {
    const { value } = await this.firewall.run(
      job('simple'),
      async (box) => String((await box.call(systemInfo, {}))['hostname']),
      signal,
    );
    return value;
  }

  /** The whole configuration; resolves with its host name, which is only right when all of it was parsed. */
  async readConfig(): Promise<string> {
    const input = { path: '', secretNames: [], pseudonymKey: 'test' };
    const { value } = await this.firewall.run(job('config'), (box) => box.call(configGet, input));
    return String(anything.parse(value.tree['system'])['hostname']);
  }

  /** The newest lines of the system log; resolves with their number. */
  async readLog(): Promise<number> {
    const input = { log: 'system', text: '', limit: 200, skip: 0 };
    const { value } = await this.firewall.run(job('firewall'), (box) => box.call(logSearch, input));
    return value.lines.length;
  }

  close(): Promise<void> {
    return this.#fleet.close();
  }
}

function job(complexity: Complexity) {
  return { tool: 'pf_fault_test', complexity, effect: 'read' as const, preview: '' };
}

/** Runs `work` under a deadline of a class, as the guard does. */
export async function underDeadline<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = new Deadline(ms);
  try {
    return await work(deadline.signal);
  } finally {
    deadline.dispose();
  }
}

/** A bare connection, without guard and sessions. */
export async function openConnection(login: FirewallSettings, signal: AbortSignal): Promise<SshConnection> {
  return connect(await resolveTarget('fw', login), { latch: memoryLatch(), signal });
}

/** One health probe on an open connection. */
export async function probe(connection: SshConnection, signal: AbortSignal): Promise<string> {
  const { stdout } = await runCommand(connection, 'probe', { lane: 'health', signal, maxBytes: 4_096 });
  return stdout.toString('utf8').includes('alive') ? 'alive' : stdout.toString('utf8').slice(0, 40);
}

/** The steps of `doctor`; resolves with the names of those that failed. */
export async function doctor(login: FirewallSettings, signal: AbortSignal): Promise<string[]> {
  const steps = await diagnose(await resolveTarget('fw', login), { latch: memoryLatch(), signal });
  return steps.filter(({ ok }) => !ok).map(({ step }) => step);
}
