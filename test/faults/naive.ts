import ssh2, { type ClientChannel } from 'ssh2';
import type { FirewallSettings } from '../../src/core/settings.ts';
import type { Fault } from './faults.ts';
import { FAULTS } from './faults.ts';
import { pause, type Stage } from './stage.ts';

/** A naive client that has not ended by now is taken for hung, in milliseconds; healthy it needs a tenth. */
const OBSERVED_MS = 2_500;

const COMMAND = `/bin/sh -c 'echo alive; id -u'`;

type Reading = 'reads both' | 'ignores stdout' | 'ignores stderr';

/** What a naive client does under a fault, as measured before: the harness has to show the same or it is blind. */
interface ControlArm {
  readonly name: string;
  readonly fault: string;
  readonly reading: Reading;
  /** `HANG`, `ok`, or what looks like success and is none. */
  readonly wanted: readonly string[];
}

const ARMS: readonly ControlArm[] = [
  { name: 'no fault', fault: 'none', reading: 'reads both', wanted: ['ok'] },
  { name: 'stall before exec', fault: 'stall pre-exec', reading: 'reads both', wanted: ['HANG'] },
  { name: 'stall within output', fault: 'stall mid-output', reading: 'reads both', wanted: ['HANG'] },
  { name: 'server session stopped', fault: 'sigstop', reading: 'reads both', wanted: ['HANG'] },
  { name: 'command never exits', fault: 'never exits', reading: 'reads both', wanted: ['HANG'] },
  { name: 'background child holds stdout', fault: 'child holds stdout', reading: 'reads both', wanted: ['HANG'] },
  { name: 'stdout not drained', fault: 'stdout flood', reading: 'ignores stdout', wanted: ['HANG'] },
  { name: 'stderr not drained', fault: 'stderr flood', reading: 'ignores stderr', wanted: ['HANG'] },
  { name: 'FIN within output', fault: 'fin', reading: 'reads both', wanted: ['silent truncation'] },
  {
    name: 'server session killed',
    fault: 'kill -9',
    reading: 'reads both',
    wanted: ['silent truncation', 'ECONNRESET'],
  },
  { name: 'host key changed', fault: 'host key changed', reading: 'reads both', wanted: ['ok'] },
];

export interface ArmResult {
  readonly name: string;
  readonly outcome: string;
  readonly wanted: readonly string[];
  readonly ms: number;
}

/** Runs the control arm: a client as most people write it, under the same faults. */
export async function runControlArm(stage: Stage): Promise<ArmResult[]> {
  const results: ArmResult[] = [];
  for (const { name, fault: faultName, reading, wanted } of ARMS) {
    const fault = FAULTS.find((candidate) => candidate.name === faultName);
    if (!fault) throw new Error(`There is no fault ${faultName}.`);
    const began = performance.now();
    const outcome = await observe(stage, fault, reading);
    results.push({ name, outcome, wanted, ms: Math.round(performance.now() - began) });
    await stage.heal();
  }
  return results;
}

async function observe(stage: Stage, fault: Fault, reading: Reading): Promise<string> {
  const client = new ssh2.Client();
  await stage.arm(fault);
  const watched = new AbortController();
  const late = pause(OBSERVED_MS, watched.signal).then(() => 'HANG');
  try {
    return await Promise.race([naiveExec(client, stage.settings, reading), late]);
  } finally {
    watched.abort();
    client.on('error', () => undefined);
    client.destroy();
  }
}

/** The way ssh2's own examples go: no host key check, no deadline, done when the channel closes. */
function naiveExec(client: ssh2.Client, login: FirewallSettings, reading: Reading): Promise<string> {
  return new Promise((resolve) => {
    client.on('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    client.on('ready', () =>
      client.exec(COMMAND, (error, stream) => (error ? resolve(error.message) : follow(stream, reading, resolve))),
    );
    const { host, port, user: username, password } = login;
    client.connect({
      host,
      ...(port === undefined ? {} : { port }),
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    });
  });
}

function follow(stream: ClientChannel, reading: Reading, resolve: (outcome: string) => void): void {
  if (reading !== 'ignores stdout') stream.on('data', () => undefined);
  if (reading !== 'ignores stderr') stream.stderr.on('data', () => undefined);
  stream.on('close', (code: number | undefined) => resolve(code === undefined ? 'silent truncation' : 'ok'));
}
