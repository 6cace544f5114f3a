import { z } from 'zod';
import { memoryStore } from '../../src/alan/memory-store.ts';
import type { Store } from '../../src/alan/open.ts';
import { treeAt } from '../../src/config/model.ts';
import type { Complexity } from '../../src/core/bounds.ts';
import { toPfsenseError } from '../../src/core/errors.ts';
import { type FirewallSettings, Settings } from '../../src/core/settings.ts';
import { Deadline } from '../../src/neverhang/deadline.ts';
import { Guard } from '../../src/neverhang/guard.ts';
import { diagnose } from '../../src/pfsense/diagnosis.ts';
import type { Firewall } from '../../src/pfsense/firewall.ts';
import { createFleet, type Fleet } from '../../src/pfsense/fleet.ts';
import { defineSnippet } from '../../src/pfsense/snippet.ts';
import { connect, type SshConnection } from '../../src/ssh/connection.ts';
import { memoryLatch } from '../../src/ssh/latch.ts';
import { runCommand } from '../../src/ssh/run.ts';
import { resolveTarget } from '../../src/ssh/target.ts';
import { session, snippet } from '../contract/driver.ts';

/** The only file here that knows the driver's interfaces. */

/** Deadlines of the fault tests: a tenth of the real ones or so, and far above what a healthy call takes. */
export const DEADLINES_MS = { simple: 1_500, interface: 1_500, firewall: 1_200, config: 1_500, dangerous: 2_000 };

const anything = z.record(z.string(), z.unknown());

const configGet = defineSnippet({
  id: 'config/get',
  effect: 'read',
  complexity: 'config',
  input: z.strictObject({
    path: z.string(),
    secretNames: z.array(z.string()),
    secretName: z.string(),
    secretPlace: z.string(),
    pseudonymKey: z.string(),
  }),
  output: z.object({ tree: anything }),
  fromConfig: (config, { path }) => ({ tree: anything.parse(treeAt(config, path)) }),
});

function inputFor(path: string) {
  return { path, secretNames: [], secretName: '(?!)', secretPlace: '(?!)', pseudonymKey: 'test' };
}

const logSearch = defineSnippet({
  id: 'log/search',
  effect: 'read',
  complexity: 'firewall',
  input: z.strictObject({ log: z.string(), text: z.string(), limit: z.int(), skip: z.int() }),
  output: z.object({ lines: z.array(z.string()), filesRead: z.int(), filesKnown: z.int() }),
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
      async (box) => String((await box.call(configGet, inputFor('system'))).tree['hostname']),
      signal,
    );
    return value;
  }

  /** The whole configuration; resolves with its host name, which is only right when all of it was parsed. */
  async readConfig(): Promise<string> {
    const { value } = await this.firewall.run(job('config'), (box) => box.call(configGet, inputFor('')));
    return String(anything.parse(value.tree['system'])['hostname']);
  }

  /** The newest lines of the system log; resolves with whether they came, or were announced as missing. */
  async readLog(): Promise<boolean> {
    const input = { log: 'system', text: '', limit: 200, skip: 0 };
    const { value } = await this.firewall.run(job('firewall'), (box) => box.call(logSearch, input));
    return value.lines.length > 0 || value.filesRead < value.filesKnown;
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

/** One health probe on an open connection; resolves with `alive`, or how the box answered instead. */
export async function probe(connection: SshConnection, signal: AbortSignal): Promise<string> {
  const { code, stdout } = await runCommand(connection, 'probe', { lane: 'health', signal, maxBytes: 4_096 });
  if (code !== 0) return 'not alive';
  const text = stdout.toString('utf8');
  return /^alive\s+\d+\s*$/m.test(text) ? 'alive' : `half an answer: ${text.slice(0, 40)}`;
}

const UNFORESEEN = toPfsenseError(new Error(), 'run').message;

/** The steps of `doctor`; resolves with the names of those that failed. */
export async function doctor(login: FirewallSettings, signal: AbortSignal): Promise<string[]> {
  const steps = await diagnose(await resolveTarget('fw', login), { latch: memoryLatch(), signal });
  const failed = steps.filter(({ ok }) => !ok);
  const unforeseen = failed.find(({ detail }) => detail === UNFORESEEN);
  if (unforeseen) throw new Error(`doctor says of ${unforeseen.step}: ${unforeseen.detail}`);
  return failed.map(({ step }) => step);
}

/** A call that never ends by itself, under the guard, on a session of its own. */
export interface EndlessCall {
  run(signal: AbortSignal): Promise<never>;
  close(): Promise<void>;
}

/** Bodies of PHP that do not come back. */
const ENDLESS = {
  spinning: 'while (true) {}',
  blocked: 'McpBox::run(["/bin/sleep", "300"]); return [];',
} as const;

/** Opens a session that can run one of `ENDLESS`; the product itself runs vetted snippets only. */
export async function openEndless(login: FirewallSettings, kind: keyof typeof ENDLESS, deadlineMs: number) {
  const connection = await underDeadline(10_000, (signal) => openConnection(login, signal));
  const php = await session(connection);
  const store = memoryStore('a test');
  const settings = Settings.parse({ deadlinesMs: { simple: deadlineMs } });
  const guard = new Guard({
    firewall: 'fw',
    settings,
    history: store,
    breakerStore: store,
    onCall: () => undefined,
  });
  const call: EndlessCall & { readonly connection: SshConnection } = {
    connection,
    run: (signal) =>
      guard.run(
        { ...job('simple'), firewall: 'fw' },
        async (deadline) => {
          await php.call(snippet(ENDLESS[kind]), {}, { deadlineMs, signal: deadline.signal });
          throw new Error('An endless call has ended.');
        },
        signal,
      ),
    close: () => connection.close(),
  };
  return call;
}
