import { z } from 'zod';
import { startLab } from '../../src/lab/lab.ts';
import { labTarget, openTarget, type Target } from '../contract/target.ts';
import { answer } from './rpc.ts';

/** The firewall of the fault tests, as a process of its own: the lab, or what PFSENSE_TARGET names. */
let target: Promise<Target> | undefined;

const opened = (): Promise<Target> => target ?? Promise.reject(new Error('The firewall is not open.'));

answer({
  async open(config) {
    const isLab = process.env['PFSENSE_TARGET'] === undefined;
    target = isLab ? startLab({ config: z.string().parse(config) }).then(labTarget) : openTarget();
    return { name: (await target).name, login: (await target).users['root'] };
  },
  sessions: async () => (await opened()).sessions(),
  readFile: async (path) => (await opened()).readFile(z.string().parse(path)),
  close: async () => (await opened()).close(),
});
