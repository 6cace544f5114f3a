import { setTimeout as delay } from 'node:timers/promises';
import type { CommandResult, RunCommand } from '../php/backend.ts';
import { arp } from './arp.ts';
import { brokenAnswer } from './broken.ts';
import { zcat } from './decompress.ts';
import { drill, getent, nc, ping, sockstat, tcpdump, traceroute } from './diagnostics.ts';
import { netstat, route } from './netstat.ts';
import { ifconfig, ndp } from './network.ts';
import { pfctl } from './pfctl.ts';
import { pkg, upgrade } from './pkg.ts';
import { type LabBox, ok, type Program } from './program.ts';
import { pw } from './pw.ts';
import { bectl, df, swapinfo, sysctl } from './system.ts';
import { rrdtool } from './traffic.ts';
import { unboundControl } from './unbound.ts';
import { swanctl, wg } from './vpn.ts';

const PROGRAMS: Readonly<Record<string, Program>> = {
  '/sbin/pfctl': pfctl,
  '/sbin/sysctl': sysctl,
  '/usr/bin/zcat': zcat,
  '/bin/df': df,
  '/sbin/bectl': bectl,
  '/usr/bin/netstat': netstat,
  '/sbin/route': route,
  '/usr/sbin/swapinfo': swapinfo,
  '/usr/sbin/arp': arp,
  '/usr/sbin/ndp': ndp,
  '/usr/local/sbin/swanctl': swanctl,
  '/usr/bin/wg': wg,
  '/sbin/ifconfig': ifconfig,
  '/usr/local/sbin/unbound-control': unboundControl,
  '/usr/local/sbin/pkg-static': pkg,
  '/usr/local/sbin/pfSense-upgrade': upgrade,
  '/usr/bin/rrdtool': rrdtool,
  '/sbin/ping': ping,
  '/usr/sbin/traceroute': traceroute,
  '/usr/sbin/traceroute6': traceroute,
  '/usr/bin/drill': drill,
  '/usr/bin/getent': getent,
  '/usr/bin/nc': nc,
  '/usr/bin/sockstat': sockstat,
  '/usr/sbin/tcpdump': tcpdump,
  '/usr/sbin/pw': pw,
  '/usr/sbin/sshd': () => ok(''),
  '/bin/echo': (args) => ok(`${args.join(' ')}\n`),
};

/** Programs that a machine with a real file system has itself. */
const REAL: readonly string[] = ['/bin/echo', '/usr/sbin/sshd'];

/** Paths that answer as simulated programs where the lab has a real file system; the rest is the machine's own. */
export const SIMULATED_PROGRAMS = Object.keys(PROGRAMS).filter((path) => !REAL.includes(path));

/** The simulated programs of one box. They are not FreeBSD's: they answer what our snippets ask. */
export function createCommands(box: LabBox, onCommand: (argv: readonly string[]) => void): RunCommand {
  return async (argv) => {
    onCommand(argv);
    const { seconds, rest } = readTimeout(argv);
    const [program = '', ...args] = rest;
    if (program === '/bin/sleep') return sleepFor(Number(args[0] ?? 0), seconds);
    const found = PROGRAMS[program];
    return found
      ? (brokenAnswer(program, args, box) ?? found(args, box))
      : { stdout: '', stderr: `${program}: not found\n`, code: 127 };
  };
}

/** `timeout [--foreground] [-k N] SECONDS program …` */
function readTimeout(argv: readonly string[]): { seconds: number; rest: readonly string[] } {
  if (argv[0] !== '/usr/bin/timeout') return { seconds: Number.POSITIVE_INFINITY, rest: argv };
  const rest = argv.slice(1);
  while (rest[0]?.startsWith('-')) rest.splice(0, rest[0] === '-k' ? 2 : 1);
  return { seconds: Number(rest[0]), rest: rest.slice(1) };
}

async function sleepFor(seconds: number, limit: number): Promise<CommandResult> {
  await delay(Math.min(seconds, limit) * 1000, undefined, { ref: false });
  return { stdout: '', stderr: '', code: seconds > limit ? 124 : 0 };
}
