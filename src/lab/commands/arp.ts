import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { CommandResult } from '../php/backend.ts';
import { type LabBox, ok } from './program.ts';

const Row = z.tuple([z.string(), z.string(), z.string(), z.string()]);
const Rows = z.array(Row);
type Row = z.output<typeof Row>;

const NEIGHBOURS: readonly Row[] = [
  ['192.168.1.1', '02:00:00:00:01:01', 'igb1', 'permanent'],
  ['192.168.1.10', '02:00:00:aa:00:10', 'igb1', 'expires in 1180 seconds'],
  ['192.168.1.102', '02:00:00:aa:00:66', 'igb1', 'expires in 311 seconds'],
  ['192.168.20.55', '02:00:00:bb:00:37', 'igb1.20', 'expires in 902 seconds'],
  ['198.51.100.1', '02:00:00:ff:00:01', 'igb0', 'expires in 1094 seconds'],
];

/** Devices by the beginning of the addresses in their network. */
const NETWORKS = { '192.168.1.': 'igb1', '192.168.20.': 'igb1.20', '198.51.100.': 'igb0', '10.10.0.': 'igb2' } as const;

/** The ARP table of the simulated box; what is set or deleted stays so. */
export function arp(args: readonly string[], box: LabBox): CommandResult {
  const [verb = '', address = '', mac = '', life] = args;
  if (args.join(' ') === '-an') return ok(listing(rowsOf(box)));
  if (verb === '-d') return remove(box, address);
  if (verb === '-s') return add(box, address, mac, life === 'temp' ? 'expires in 1200 seconds' : 'permanent');
  return { stdout: '', stderr: 'arp: not simulated\n', code: 1 };
}

const file = ({ root }: LabBox): string => join(root, 'var/db/lab-arp');

function rowsOf(box: LabBox): readonly Row[] {
  return existsSync(file(box)) ? Rows.parse(JSON.parse(readFileSync(file(box), 'utf8'))) : NEIGHBOURS;
}

function listing(rows: readonly Row[]): string {
  const lines = rows.map(
    ([address, mac, device, life]) => `? (${address}) at ${mac} on ${device} ${life} [ethernet]\n`,
  );
  return [...lines, '? (192.168.1.77) at (incomplete) on igb1 expired [ethernet]\n'].join('');
}

function remove(box: LabBox, address: string): CommandResult {
  const rows = rowsOf(box);
  const left = rows.filter(([known]) => known !== address);
  if (left.length === rows.length) return { stdout: '', stderr: `arp: delete ${address}: No such file\n`, code: 1 };
  writeFileSync(file(box), JSON.stringify(left));
  return ok(`${address} (${address}) deleted\n`);
}

function add(box: LabBox, address: string, mac: string, life: string): CommandResult {
  const device = Object.entries(NETWORKS).find(([start]) => address.startsWith(start))?.[1];
  if (device === undefined)
    return { stdout: '', stderr: `arp: cannot intuit interface index and type for ${address}\n`, code: 1 };
  const others = rowsOf(box).filter(([known]) => known !== address);
  writeFileSync(file(box), JSON.stringify([...others, [address, mac, device, life]]));
  return ok('');
}
