import type { CommandResult } from '../php/backend.ts';
import { ok } from './program.ts';

const MBUFS =
  '1018/1022/2040 mbufs in use (current/cache/total)\n506/504/1010/251906 mbuf clusters in use (current/cache/total/max)\n';

const ROUTES4 = [
  ['default', '198.51.100.1', 'UGS', '6', '1500', 'igb0'],
  ['10.10.0.0/24', 'link#3', 'U', '4', '1500', 'igb2'],
  ['10.10.0.1', 'link#6', 'UHS', '5', '16384', 'lo0'],
  ['10.50.0.0/16', '203.0.113.9', 'UGS', '9', '1500', 'igb3'],
  ['127.0.0.1', 'link#6', 'UH', '2', '16384', 'lo0'],
  ['192.168.1.0/24', 'link#2', 'U', '3', '1500', 'igb1'],
  ['192.168.1.1', 'link#6', 'UHS', '7', '16384', 'lo0'],
  ['192.168.20.0/24', 'link#7', 'U', '8', '1500', 'igb1.20'],
  ['198.51.100.0/24', 'link#1', 'U', '1', '1500', 'igb0'],
];
const ROUTES6 = [
  ['::1', 'link#6', 'UHS', '1', '16384', 'lo0'],
  ['fe80::%igb1/64', 'link#2', 'U', '2', '1500', 'igb1'],
];

export function netstat(args: readonly string[]): CommandResult {
  const question = args.join(' ');
  if (question === '-m') return ok(MBUFS);
  if (!question.startsWith('-rnW')) return { stdout: '', stderr: 'netstat: not simulated\n', code: 1 };
  const families = [
    ...(question.includes('inet6') ? [] : [['Internet', ROUTES4] as const]),
    ...(/inet$/.test(question) ? [] : [['Internet6', ROUTES6] as const]),
  ];
  return ok(`Routing tables\n${families.map(([name, rows]) => `\n${name}:\n${tableOf(rows)}`).join('')}`);
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const line = ([destination = '', gateway = '', flags = '', hop = '', mtu = '', device = '']: readonly string[]) =>
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
