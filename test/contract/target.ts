import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { FirewallSettings } from '../../src/core/settings.ts';
import { type Lab, startLab } from '../../src/lab/lab.ts';

/** A firewall that the contract is checked against, with a way to look at it that is not the driver's. */
export interface Target {
  readonly name: string;
  readonly users: Readonly<Record<string, FirewallSettings>>;
  /** Content of a file on the firewall. */
  readFile(path: string): Promise<string>;
  /** Command lines of our PHP sessions that are alive on the firewall. */
  sessions(): Promise<string[]>;
  /** Whether PHP there has signals, so that a call can end while its session lives. */
  readonly hasSignals: boolean;
  close(): Promise<void>;
}

const TargetFile = z.strictObject({
  name: z.string(),
  users: z.record(z.string(), FirewallSettings),
  /** Program that runs what follows on the firewall, without SSH. */
  inspect: z.array(z.string()).min(1),
});

/** The target that PFSENSE_TARGET names (a JSON file), or the embedded lab. */
export async function openTarget(): Promise<Target> {
  const file = process.env['PFSENSE_TARGET'];
  return file === undefined ? labTarget(await startLab()) : fileTarget(file);
}

export function labTarget(lab: Lab): Target {
  const { host, port, hostKey, privateKeyFile: privateKey, root } = lab.address;
  const login = (user: string): FirewallSettings => ({ host, port, hostKey, privateKey, user, sshConfig: false });
  return {
    name: 'lab, WebAssembly PHP',
    users: { root: login('root'), admin: login('admin') },
    readFile: async (path) => readFileSync(join(root, path), 'utf8'),
    sessions: async () => lab.processes().map(({ args }) => args),
    hasSignals: false,
    close: () => lab.close(),
  };
}

function fileTarget(file: string): Target {
  const { name, users, inspect } = TargetFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  const [program = '', ...prefix] = inspect;
  const run = async (...argv: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(program, [...prefix, ...argv], { maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  };
  return {
    name,
    users,
    readFile: (path) => run('/bin/cat', path),
    async sessions() {
      const all = await run('/bin/ps', '-axww', '-o', 'args=');
      return all.split('\n').filter((line) => /^\S*php\S* .*(pfSsh\.php x|STDIN)/.test(line));
    },
    hasSignals: true,
    close: async () => undefined,
  };
}
