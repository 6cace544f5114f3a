import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandResult } from '../php/backend.ts';
import { type LabBox, ok } from './program.ts';

/** Tables that pfSense makes besides those of aliases, with what the simulated ones hold. */
const SYSTEM: Readonly<Record<string, readonly string[]>> = {
  LAN__NETWORK: ['192.168.1.0/24'],
  OPT1__NETWORK: ['192.168.20.0/24'],
  OPT2__NETWORK: ['10.10.0.0/24'],
  OPT3__NETWORK: ['203.0.113.8/29'],
  WAN__NETWORK: ['198.51.100.0/24'],
  bogons: ['0.0.0.0/8', '127.0.0.0/8', '192.0.2.0/24'],
  sshguard: ['203.0.113.66'],
  virusprot: [],
};

/** Tables of the simulated pf by name: those of host and network aliases, and pfSense's own. */
function tables({ root }: LabBox): Map<string, readonly string[]> {
  const config = readFileSync(join(root, 'cf/conf/config.xml'), 'utf8');
  const aliases = config.match(/<alias>[\s\S]*?<\/alias>/g) ?? [];
  const tag = (text: string, name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? '';
  const own = aliases
    .filter((alias) => /<type>(?:host|network|url|urltable)</.test(alias))
    .map((alias) => [tag(alias, 'name'), tag(alias, 'address').split(' ')] as const);
  const byName = new Map(own);
  const flat = (words: readonly string[]): string[] =>
    words
      .flatMap((word) => (byName.has(word) ? flat(byName.get(word) ?? []) : word))
      .filter((word) => /[.:]/.test(word));
  const found = own.map(([name, words]) => [name, flat(words).filter((word) => /^[\d.:/a-f]+$/.test(word))] as const);
  const system = Object.entries(SYSTEM).map(([name, words]): [string, readonly string[]] => [
    name,
    [...words, ...added(name, root)],
  ]);
  return new Map([...system, ...found, ...large(root)].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A file of the lab may put addresses into one of pfSense's own tables. */
function added(name: string, root: string): string[] {
  const file = join(root, `var/db/lab-table.${name}`);
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}

/** A file of the lab may ask for a table of many addresses. */
function large(root: string): [string, readonly string[]][] {
  const file = join(root, 'var/db/lab-table-entries');
  if (!existsSync(file)) return [];
  const entry = (_: unknown, n: number): string => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
  return [['large', Array.from({ length: Number(readFileSync(file, 'utf8')) }, entry)]];
}

export function tableNames(box: LabBox): string[] {
  return [...tables(box).keys()];
}

/** `pfctl -vvsT`. */
export function listTables(box: LabBox): CommandResult {
  const since = ctime(box);
  return ok(
    [...tables(box)]
      .map(([name, entries]) => `--a-r--\t${name}\n\tAddresses:   ${entries.length}\n\tCleared:     ${since}\n`)
      .join(''),
  );
}

/** As ctime(3) writes the time at which the lab started. */
function ctime({ startedAt }: LabBox): string {
  return new Date(startedAt).toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+) ([\d:]+).*/, '$1 $3 $2 $5 $4');
}

/** `pfctl -t TABLE -T show [-v]` and `-T test ADDRESS`. */
export function oneTable(name: string, command: string, address: string, box: LabBox): CommandResult {
  const entries = tables(box).get(name);
  if (entries === undefined) return { stdout: '', stderr: 'pfctl: Table does not exist.\n', code: 255 };
  if (command === 'show' && address === '-v')
    return ok(entries.map((entry) => `   ${entry}\n\tCleared:     ${ctime(box)}\n`).join(''));
  if (command === 'show') return ok(entries.map((entry) => `   ${entry}\n`).join(''));
  const isIn = entries.some((entry) => holds(entry, address));
  return { stdout: '', stderr: `${Number(isIn)}/1 addresses match.\n`, code: isIn ? 0 : 2 };
}

function holds(entry: string, address: string): boolean {
  const [network = '', length = '32'] = entry.split('/');
  if (network.includes(':') || address.includes(':')) return network === address;
  const value = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(length));
  return Math.floor(value(network) / size) === Math.floor(value(address) / size);
}
