import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isInNetwork } from '../../config/address.ts';
import type { CommandResult } from '../php/backend.ts';
import { type LabBox, ok } from './program.ts';

const MBUFS =
  '1018/1022/2040 mbufs in use (current/cache/total)\n506/504/1010/251906 mbuf clusters in use (current/cache/total/max)\n';

type Row = readonly string[];
const Table = z.object({ inet: z.array(z.array(z.string())), inet6: z.array(z.array(z.string())) });

/** The routing table of the simulated kernel, which its PHP changes. */
function tableIn({ root }: LabBox): z.output<typeof Table> {
  return Table.parse(JSON.parse(readFileSync(join(root, 'var/db/lab-routes.json'), 'utf8')));
}

export function netstat(args: readonly string[], box: LabBox): CommandResult {
  const question = args.join(' ');
  if (question === '-m') return ok(MBUFS);
  if (!question.startsWith('-rnW')) return { stdout: '', stderr: 'netstat: not simulated\n', code: 1 };
  const { inet, inet6 } = tableIn(box);
  const families = [
    ...(question.includes('inet6') ? [] : [['Internet', inet] as const]),
    ...(/inet$/.test(question) ? [] : [['Internet6', inet6] as const]),
  ];
  return ok(`Routing tables\n${families.map(([name, rows]) => `\n${name}:\n${tableOf(rows)}`).join('')}`);
}

function tableOf(rows: readonly Row[]): string {
  const line = ([destination = '', gateway = '', flags = '', hop = '', mtu = '', device = '']: Row) =>
    [
      destination.padEnd(18),
      gateway.padEnd(18),
      flags.padEnd(7),
      hop.padStart(6),
      mtu.padStart(6),
      device.padStart(10),
    ].join(' ');
  const heading = `${line(['Destination', 'Gateway', 'Flags', 'Nhop#', 'Mtu', 'Netif'])} Expire\n`;
  return heading + rows.map((row) => `${line(row)}\n`).join('');
}

/** `route -n get [-inet6] ADDRESS`: the longest prefix of the same table. */
export function route(args: readonly string[], box: LabBox): CommandResult {
  const [n, get, ...rest] = args;
  const address = rest.at(-1) ?? '';
  if (n !== '-n' || get !== 'get') return { stdout: '', stderr: 'route: not simulated\n', code: 1 };
  const found = tableIn(box)
    [address.includes(':') ? 'inet6' : 'inet'].filter(([destination = '']) =>
      isInNetwork(address, destination === 'default' ? '0.0.0.0/0' : destination),
    )
    .sort((a, b) => lengthOf(b) - lengthOf(a))[0];
  if (found === undefined) return { stdout: '', stderr: 'route: route has not been found\n', code: 1 };
  const [destination = '', gateway = '', flags = '', , mtu = '', device = ''] = found;
  const words = Object.entries({ U: 'UP', G: 'GATEWAY', H: 'HOST', S: 'STATIC' }).flatMap(([flag, word]) =>
    flags.includes(flag) ? [word] : [],
  );
  const line = (name: string, value: string): string => `${name.padStart(11)}: ${value}\n`;
  return ok(
    [
      line('route to', address),
      line('destination', destination.split('/')[0] ?? ''),
      ...(flags.includes('G') ? [line('gateway', gateway)] : []),
      line('fib', '0'),
      line('interface', device),
      line('flags', `<${[...words, 'DONE'].join(',')}>`),
      ' recvpipe  sendpipe  ssthresh  rtt,msec    mtu        weight    expire\n',
      `       0         0         0         0      ${mtu}         1         0 \n`,
    ].join(''),
  );
}

function lengthOf([destination = '']: Row): number {
  return destination === 'default' ? 0 : Number(destination.split('/')[1] ?? 32);
}
