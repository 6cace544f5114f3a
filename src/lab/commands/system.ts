import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../files.ts';
import type { CommandResult } from '../php/backend.ts';
import { type LabBox, ok } from './program.ts';

const UPTIME_SECONDS = 266_000;
const PAGE = 4_096;

/** Kernel variables of the simulated box; what grows with time grows here too. */
function kernel(box: LabBox): Record<string, string> {
  const { startedAt } = box;
  const now = Date.now();
  const ticks = Math.floor((now - startedAt) / 8);
  return {
    'hw.model': 'Simulated CPU @ 2.00GHz',
    'hw.ncpu': '2',
    'hw.machine': 'amd64',
    'hw.physmem': String(4 * 1024 ** 3),
    'hw.pagesize': String(PAGE),
    'net.inet.carp.allow': '1',
    'net.inet.carp.demotion': '0',
    'net.inet.carp.preempt': '1',
    'kern.ostype': 'FreeBSD',
    'kern.osrelease': '15.0-CURRENT',
    'kern.boottime': `{ sec = ${bootedAt(box)}, usec = 0 }`,
    'kern.cp_time': `${10_000 + Math.floor(ticks / 12)} 0 ${5_000 + Math.floor(ticks / 20)} 100 ${2_000_000 + ticks}`,
    'vm.loadavg': '{ 0.21 0.18 0.12 }',
    'vm.stats.vm.v_page_count': '1001000',
    'vm.stats.vm.v_free_count': '720000',
    'vm.stats.vm.v_inactive_count': '90000',
    'vm.stats.vm.v_laundry_count': '2000',
    'vm.stats.vm.v_wire_count': '105000',
    'kstat.zfs.misc.arcstats.size': '188743680',
  };
}

/** It has run for three days, unless it was rebooted since. */
function bootedAt({ root, startedAt }: LabBox): number {
  const file = join(root, 'var/db/lab-booted');
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : Math.floor(startedAt / 1000) - UPTIME_SECONDS;
}

/** What may be set, with what it is at first; what was set stands in a file of the box. */
const SETTABLE: Readonly<Record<string, string>> = {
  'net.inet.tcp.sendspace': '65228',
  'net.inet.ip.random_id': '1',
  'net.inet.tcp.recvspace': '65536',
};

const SET = '/var/db/lab-sysctl.json';

function settable({ root }: LabBox): Record<string, string> {
  try {
    return { ...SETTABLE, ...JSON.parse(readFileSync(inRoot(root, SET), 'utf8')) };
  } catch {
    return { ...SETTABLE };
  }
}

/** `sysctl NAME …` shows, `sysctl NAME=VALUE …` sets. */
export function sysctl(words: readonly string[], box: LabBox): CommandResult {
  const names = words.map((word) => word.split('=')[0] ?? '');
  const wanted = words.flatMap((word) => (word.includes('=') ? [word.split('=')] : []));
  const present = settable(box);
  for (const [name = '', value = ''] of wanted) if (name in SETTABLE) present[name] = value;
  if (wanted.length > 0) writeFileSync(inRoot(box.root, SET), JSON.stringify(present));
  const values: Record<string, string> = { ...kernel(box), ...present };
  const unknown = names.filter((name) => values[name] === undefined);
  return {
    stdout: names.flatMap((name) => (values[name] === undefined ? [] : [`${name}: ${values[name]}\n`])).join(''),
    stderr: unknown.map((name) => `sysctl: unknown oid '${name}'\n`).join(''),
    code: unknown.length > 0 ? 1 : 0,
  };
}

export function df(): CommandResult {
  return ok(
    [
      'Filesystem          1K-blocks   Used    Avail Capacity  Mounted on',
      'pfSense/ROOT/default 13631488 921600 12709888     7%    /',
      'tmpfs                 4194304    120  4194184     0%    /var/run',
      '',
    ].join('\n'),
  );
}

/** Boot environments as `bectl list -H` prints them, with tabs. */
export function bectl(args: readonly string[]): CommandResult {
  if (args.join(' ') !== 'list -H') return { stdout: '', stderr: 'bectl: not simulated\n', code: 1 };
  return ok('default\tNR\t/\t1.21G\t2026-03-01 09:12\nbefore-2.8.1\t-\t-\t412M\t2026-06-14 20:02\n');
}

export function swapinfo(): CommandResult {
  return ok(
    'Device          1K-blocks     Used    Avail Capacity\n/dev/vtbd0p3      1048576        0  1048576     0%\n',
  );
}
