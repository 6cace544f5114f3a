import { PfsenseError, toPfsenseError } from '../core/errors.ts';
import { outgoingText, outgoingValue } from '../core/outlet.ts';
import { ConfigFolder } from '../pfsense/config-files.ts';
import { diagnose, type Step } from '../pfsense/diagnosis.ts';
import { resolveTarget } from '../ssh/target.ts';
import { type Composition, withComposition } from './composition.ts';
import type { Flags } from './settings.ts';

export interface DoctorOptions extends Flags {
  readonly firewall?: string;
  readonly json?: boolean;
  readonly acceptHostKey?: boolean;
  readonly retryAuth?: boolean;
}

const DOCTOR_MS = 60_000;

/** Walks the way to each firewall and prints what it met; returns the exit code. */
export async function doctor(options: DoctorOptions): Promise<number> {
  const steps = await allSteps(options).catch((error: unknown) => [settingsStep(error)]);
  // Versions are what the firewall says of itself.
  if (options.json) process.stdout.write(`${JSON.stringify(outgoingValue(steps))}\n`);
  else for (const step of steps) print(step);
  return steps.every(({ ok }) => ok) ? 0 : 1;
}

function allSteps(options: DoctorOptions): Promise<Step[]> {
  return withComposition(options, async (parts) => {
    const names = options.firewall === undefined ? parts.fleet.names : [options.firewall];
    const first: Step = { step: 'settings', ok: true, detail: `${names.length} firewalls`, fix: null };
    if (names.length === 0)
      throw new PfsenseError('settings_invalid', 'No firewall is configured.', {
        phase: 'settings',
        hint: 'Set PFSENSE_HOST, or run `pfsense-mcp init`.',
      });
    const walks: Step[] = [];
    for (const name of names) walks.push(...(await walk(name, parts, options, names.length)));
    return [first, ...walks, storeStep(parts)];
  });
}

async function walk(name: string, parts: Composition, options: DoctorOptions, firewalls: number): Promise<Step[]> {
  const { configFile = parts.settings.configFiles[name] } = parts.settings;
  if (configFile !== undefined) return named([offlineStep(configFile)], name, firewalls);
  const settings = parts.settings.firewalls[name];
  if (!settings)
    throw new PfsenseError('unknown_firewall', 'No firewall of that name is configured.', { phase: 'settings' });
  if (options.retryAuth) parts.store.clear(name);
  const target = await resolveTarget(name, settings);
  const steps = await diagnose(target, {
    latch: parts.store,
    signal: AbortSignal.timeout(DOCTOR_MS),
    unknownHostKey: options.acceptHostKey ? 'accept' : 'refuse',
  });
  return named(steps, name, firewalls);
}

/** Of several firewalls each step says whose it is. */
function named(steps: readonly Step[], name: string, firewalls: number): Step[] {
  return firewalls > 1 ? steps.map((step) => ({ ...step, step: `${name}: ${step.step}` })) : [...steps];
}

function offlineStep(path: string): Step {
  const { current, history } = new ConfigFolder(path).read();
  current.tree();
  return { step: 'config file', ok: true, detail: `readable, with ${history.length} older ones`, fix: null };
}

function storeStep({ store }: Composition): Step {
  const detail = store.kind === 'sqlite' ? 'SQLite' : `in memory: ${store.reason ?? ''}`;
  return { step: 'A.L.A.N.', ok: true, detail, fix: null };
}

function settingsStep(thrown: unknown): Step {
  const { message, hint } = toPfsenseError(thrown, 'settings').report();
  return { step: 'settings', ok: false, detail: message, fix: hint };
}

function print({ step, ok, detail, fix }: Step): void {
  process.stdout.write(`${ok ? '✓' : '✗'} ${step.padEnd(16)} ${outgoingText(detail)}\n`);
  if (fix !== null) process.stdout.write(`  → ${fix}\n`);
}
