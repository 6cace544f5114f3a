import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { FirewallSettings } from '../../src/core/settings.ts';
import { type Lab, type LabBackend, startLab } from '../../src/lab/lab.ts';

/** A firewall that the contract is checked against, with a way to look at it that is not the driver's. */
export interface Target {
  readonly name: string;
  readonly users: Readonly<Record<string, FirewallSettings>>;
  /** Content of a file on the firewall. */
  readFile(path: string): Promise<string>;
  /** Another firewall that can be its other node: where its webConfigurator listens on loopback, over HTTP. */
  readonly peer?: { readonly guiPort: number; run(...argv: string[]): Promise<string> } | undefined;
  /** Command lines of our PHP sessions that are alive on the firewall. */
  sessions(): Promise<string[]>;
  close(): Promise<void>;
}

const TargetFile = z.strictObject({
  name: z.string(),
  users: z.record(z.string(), FirewallSettings),
  /** Program that runs what follows on the firewall, without SSH. */
  inspect: z.array(z.string()).min(1),
  /** Another firewall, whose webConfigurator listens on this port. */
  peer: z.strictObject({ guiPort: z.int(), inspect: z.array(z.string()).min(1) }).optional(),
});

const TARGET_FILE = process.env['PFSENSE_TARGET'];

/** How the lab of this run runs PHP: `PFSENSE_LAB_PHP=native` takes this machine's PHP behind a real sshd. */
export const LAB_PHP: LabBackend = process.env['PFSENSE_LAB_PHP'] === 'native' ? 'native' : 'wasm';

/** Whether the target starts real programs below PHP, and PHP there has signals. */
export const HAS_PROCESSES = TARGET_FILE !== undefined || LAB_PHP === 'native';

/** Whether the target is simulated, so that it refuses what a test names so. */
export const IS_LAB = TARGET_FILE === undefined;

/** Names of the logins of the target, for tables of tests: `sudo` is a user in tcsh who becomes root by sudo. */
export const USERS: readonly string[] =
  TARGET_FILE === undefined ? ['root', 'admin', 'sudo'] : Object.keys(readTarget(TARGET_FILE).users);

/** Whether there is another firewall to be the other node of a pair. */
export const HAS_PEER = TARGET_FILE !== undefined && readTarget(TARGET_FILE).peer !== undefined;

/** The target that PFSENSE_TARGET names (a JSON file), or the embedded lab. */
export async function openTarget(): Promise<Target> {
  return TARGET_FILE === undefined ? labTarget(await startLab({ php: LAB_PHP })) : fileTarget(TARGET_FILE);
}

export function labTarget(lab: Lab): Target {
  const { host, port, hostKey, privateKeyFile: privateKey, root } = lab.address;
  const place = { host, port, hostKey, sshConfig: false };
  return {
    name: `lab, ${LAB_PHP} PHP`,
    users: {
      root: { ...place, privateKey, user: 'root' },
      admin: { ...place, privateKey, user: 'admin' },
      sudo: { ...place, user: 'operator', password: 'operator', sudo: true },
    },
    readFile: async (path) => readFileSync(join(root, path), 'utf8'),
    sessions: async () => lab.processes().map(({ args }) => args),
    close: () => lab.close(),
  };
}

export function readTarget(file: string): z.output<typeof TargetFile> {
  return TargetFile.parse(JSON.parse(readFileSync(file, 'utf8')));
}

function fileTarget(file: string): Target {
  const { name, users, inspect, peer } = readTarget(file);
  const run = runner(inspect);
  return {
    name,
    users,
    peer: peer && { guiPort: peer.guiPort, run: runner(peer.inspect) },
    readFile: (path) => run('/bin/cat', path),
    async sessions() {
      const all = await run('/bin/ps', '-axww', '-o', 'args=');
      return all.split('\n').filter((line) => /^\S*php\S* .*(pfSsh\.php x|STDIN)/.test(line));
    },
    close: async () => undefined,
  };
}

function runner([program = '', ...prefix]: readonly string[]) {
  return async (...argv: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(program, [...prefix, ...argv], { maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  };
}
