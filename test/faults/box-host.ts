import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { startLab } from '../../src/lab/lab.ts';
import { labTarget, openTarget, type Target } from '../contract/target.ts';
import { answer } from './rpc.ts';

/** The firewall of the fault tests, as a process of its own: the lab, or what PFSENSE_TARGET names. */
let target: Promise<Target> | undefined;

const opened = (): Promise<Target> => target ?? Promise.reject(new Error('The firewall is not open.'));

const HELD_SECONDS = 4;

/** The program that holds the lock, while it runs. */
let holder: Promise<void> | undefined;

/** Takes the configuration's lock as pfSense does, for some seconds; the lab has no locks. */
function hold(): boolean {
  const file = process.env['PFSENSE_TARGET'];
  if (file === undefined) return false;
  const { inspect } = z.looseObject({ inspect: z.array(z.string()) }).parse(JSON.parse(readFileSync(file, 'utf8')));
  const [program = '', ...prefix] = inspect;
  const argv = [...prefix, '/usr/bin/flock', '/tmp/config.lock', '/bin/sleep', String(HELD_SECONDS)];
  const child = spawn(program, argv, { stdio: 'ignore' });
  holder = new Promise((resolve) => child.once('exit', () => resolve()));
  return true;
}

answer({
  async open(config) {
    const isLab = process.env['PFSENSE_TARGET'] === undefined;
    target = isLab ? startLab({ config: z.string().parse(config) }).then(labTarget) : openTarget();
    return { name: (await target).name, login: (await target).users['root'] };
  },
  async hold() {
    const isHeld = hold();
    if (isHeld) await new Promise((resolve) => setTimeout(resolve, 300));
    return isHeld;
  },
  async release() {
    await holder;
    holder = undefined;
  },
  sessions: async () => (await opened()).sessions(),
  readFile: async (path) => (await opened()).readFile(z.string().parse(path)),
  close: async () => (await opened()).close(),
});
