import { join } from 'node:path';
import type { FirewallMemory } from '../alan/memory.ts';
import type { Store } from '../alan/open.ts';
import { CLASS_DEADLINE_MS } from '../core/bounds.ts';
import { PfsenseError } from '../core/errors.ts';
import type { FirewallSettings, Settings } from '../core/settings.ts';
import { Guard } from '../neverhang/guard.ts';
import { HealthMonitor } from '../neverhang/health.ts';
import { HangUpBudget } from '../ssh/hang-ups.ts';
import { Background, type BackgroundJob } from './background.ts';
import type { LiveAccess } from './box.ts';
import { openCatalogue } from './catalogue.ts';
import { ConfigCache } from './config-cache.ts';
import { type Firewall, LiveFirewall } from './firewall.ts';
import { type HealthReport, healthReport } from './health-report.ts';
import { LastKnownGood } from './last-known-good.ts';
import { Link, type Waiter } from './link.ts';
import { OfflineFirewall } from './offline-firewall.ts';
import { Sessions } from './sessions.ts';

/** Reading the whole configuration in the background, in milliseconds. */
const COPY_MS = 30_000;
const PROBE_MS = 5_000;

const wire = () => import('./wire.ts');

/** The configured firewalls, each connected when it is first asked. */
export interface Fleet {
  readonly names: readonly string[];
  /**
   * The named firewall; without a name the only one.
   * @throws PfsenseError `unknown_firewall`, or `bad_input` when a name is needed.
   */
  get(name?: string): Firewall;
  /** What is remembered of a firewall. */
  memory(name: string): FirewallMemory;
  health(): HealthReport;
  close(): Promise<void>;
}

export interface FleetParts {
  readonly settings: Settings;
  readonly store: Store;
  readonly stateDir: string;
  /** What is done from time to time on every firewall that is in use. */
  readonly background?: readonly BackgroundJob[];
}

/** Puts the drivers together; nothing is sent yet. */
export function createFleet(parts: FleetParts): Fleet {
  const { configFile, configFiles, firewalls: configured } = parts.settings;
  // With a file nothing on the network is asked, whatever else is configured.
  const built = Object.entries(configFile === undefined ? configured : {}).map(([name, settings]) =>
    buildFirewall(name, settings, parts),
  );
  const files = configFile === undefined ? Object.entries(configFiles) : [['offline', configFile] as const];
  const all: Firewall[] = [
    ...built.map(({ firewall }) => firewall),
    ...files.map(([name, path]) => new OfflineFirewall(path, parts.store, name)),
  ];
  const firewalls = new Map(all.map((firewall) => [firewall.name, firewall]));
  const names = [...firewalls.keys()];
  return {
    names,
    get(name) {
      const found = firewalls.get(name ?? (names.length === 1 ? (names[0] ?? '') : ''));
      if (found) return found;
      throw missing(name, names);
    },
    memory: (name) => parts.store.memoryOf(name),
    health: () => healthReport([...firewalls.values()], parts.store),
    async close() {
      for (const { monitor, background } of built) {
        monitor.stop();
        background.stop();
      }
      await Promise.all([...firewalls.values()].map((firewall) => firewall.close()));
    },
  };
}

function missing(name: string | undefined, names: readonly string[]): PfsenseError {
  if (names.length === 0) {
    return new PfsenseError('settings_invalid', 'No firewall is configured.', {
      phase: 'settings',
      hint: 'Set PFSENSE_HOST, or run `pfsense-mcp init`.',
    });
  }
  const hint = `Configured: ${names.join(', ')}.`;
  return name === undefined
    ? new PfsenseError('bad_input', 'Several firewalls are configured; name one in `firewall`.', {
        phase: 'input',
        hint,
      })
    : new PfsenseError('unknown_firewall', 'No firewall of that name is configured.', { phase: 'input', hint });
}

function buildFirewall(name: string, settings: FirewallSettings, parts: FleetParts) {
  const { settings: all, store, stateDir } = parts;
  const copies = new LastKnownGood(join(stateDir, 'last-known-good'));
  const attemptMs = all.deadlinesMs?.firewall ?? CLASS_DEADLINE_MS.firewall;
  const hangUps = new HangUpBudget();
  const link = new Link(async (signal, onPhase) => {
    const { openConnection } = await wire();
    return openConnection(name, settings, { latch: store, signal, onPhase, hangUps });
  }, attemptMs);
  const catalogue = openCatalogue();
  const runner = catalogue.runner();
  const sessions = new Sessions(link, async (waiter, via, lane) => {
    const connection = await link.connection(waiter);
    waiter.phase = 'start';
    const { startPhpSession } = await wire();
    return startPhpSession(connection, { runner, via, lane, signal: waiter.signal });
  });
  const readDocument = async (waiter: Waiter) => {
    const connection = await link.connection(waiter);
    const { readConfigFile } = await wire();
    const document = await readConfigFile(connection, waiter.signal);
    copies.save(name, document.tree);
    return document;
  };
  const readConfig = async (waiter: Waiter) => (await readDocument(waiter)).tree;
  const live = (waiter: Waiter): LiveAccess => ({
    readDocument: () => readDocument(waiter),
    async readRevision(revision) {
      const connection = await link.connection(waiter);
      const { readRevisionFile } = await wire();
      return readRevisionFile(connection, revision, waiter.signal);
    },
    async startDetached(folder, names) {
      const connection = await link.connection(waiter);
      const { startDetached } = await wire();
      await startDetached(connection, folder, names, waiter.signal);
    },
    async reconnect() {
      sessions.reset();
      await link.connection(waiter);
    },
    hostKey: async () => (await link.connection(waiter)).hostKeyFingerprint,
  });
  const guard = new Guard({
    firewall: name,
    settings: all,
    history: store,
    breakerStore: store,
    onCall: (call) => store.record({ ...call, rung: call.remark }),
  });
  const monitor = new HealthMonitor({
    intervalMs: all.healthIntervalMs,
    // Only an open connection is probed: a probe must never cost a login.
    probe: () => (link.isOpen ? probe(link) : undefined),
    onResult: (result) => store.recordHealth({ firewall: name, ...result }),
  });
  const background = new Background(parts.background ?? [], async (job) => {
    // Only over an open connection: what nobody asked for must never cost a login.
    if (!link.isOpen || firewall.guardState().breaker.state !== 'closed') return;
    const call = { tool: job.name, complexity: job.complexity, effect: 'read' as const, preview: '{}' };
    await firewall.run(call, (box) => job.run(box, store.memoryOf(name)));
  });
  let isCopied = false;
  const firewall = new LiveFirewall({
    name,
    guard,
    link,
    sessions,
    catalogue,
    configCache: new ConfigCache(),
    readConfig,
    live,
    lastKnownGood: () => copies.load(name),
    onAnswered() {
      monitor.start();
      background.start();
      if (isCopied) return;
      isCopied = true;
      const waiter = { signal: AbortSignal.timeout(COPY_MS), phase: 'run' as const };
      // Without a copy only the lowest rung is missing; the answer that was just given is not concerned.
      readConfig(waiter).catch(() => undefined);
    },
  });
  return { firewall, monitor, background };
}

async function probe(link: Link): Promise<void> {
  const signal = AbortSignal.timeout(PROBE_MS);
  const connection = await link.connection({ signal, phase: 'channel' });
  const { probeShell } = await wire();
  await probeShell(connection, signal);
}
