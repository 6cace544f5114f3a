import type { CommandResult } from '../php/backend.ts';
import { type LabBox, ok } from './program.ts';

const UPTIME_SECONDS = 266_000;
const PAGE = 4_096;

/** Kernel variables of the simulated box; what grows with time grows here too. */
function kernel({ startedAt }: LabBox): Record<string, string> {
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
    'kern.boottime': `{ sec = ${Math.floor(startedAt / 1000) - UPTIME_SECONDS}, usec = 0 }`,
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

export function sysctl(names: readonly string[], box: LabBox): CommandResult {
  const values = kernel(box);
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

export function swapinfo(): CommandResult {
  return ok(
    'Device          1K-blocks     Used    Avail Capacity\n/dev/vtbd0p3      1048576        0  1048576     0%\n',
  );
}
