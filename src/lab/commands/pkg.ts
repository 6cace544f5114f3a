import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { inRoot } from '../files.ts';
import type { CommandResult } from '../php/backend.ts';
import { type LabBox, ok } from './program.ts';

const Rows = z.array(z.tuple([z.string(), z.string()]));
type Rows = readonly (readonly [string, string])[];

const INSTALLED: Rows = [
  ['pfSense-pkg-System_Patches-2.2.11', 'Apply patches supplied by the pfSense team'],
  ['pfSense-pkg-WireGuard-0.2.9', 'pfSense package WireGuard'],
];
const CATALOGUE: Rows = [
  ['pfSense-pkg-acme-0.9', "ACME package for Let's Encrypt"],
  ['pfSense-pkg-System_Patches-2.2.21_1', 'Apply patches supplied by the pfSense team'],
  ['pfSense-pkg-WireGuard-0.2.9', 'pfSense package WireGuard'],
];

export function pkg([verb = '', ...args]: readonly string[], box: LabBox): CommandResult {
  if (verb === 'info') return ok(listing(installed(box)));
  if (verb === 'search') return ok(listing(CATALOGUE));
  if (verb === 'version' && args[0] === '-t') return ok(args[1] === args[2] ? '=\n' : '<\n');
  return { stdout: '', stderr: 'pkg: not simulated\n', code: 1 };
}

/** `pfSense-upgrade -y -l LOG -p SOCKET -i|-r NAME` */
export function upgrade(args: readonly string[], box: LabBox): CommandResult {
  const [, , log = '', , , order = '', name = ''] = args;
  const others = installed(box).filter(([full]) => plain(full) !== name);
  const offered = CATALOGUE.filter(([full]) => plain(full) === name);
  const isRemoved = order === '-r';
  if (!isRemoved && offered.length === 0) {
    writeFileSync(inRoot(box.root, log), `ERROR: ${name} is not in the catalogue\n__RC=1\n`);
    return { stdout: '', stderr: '', code: 1 };
  }
  writeFileSync(file(box), JSON.stringify(isRemoved ? others : [...others, ...offered]));
  writeFileSync(inRoot(box.root, log), `>>> ${isRemoved ? 'Removing' : 'Installing'} ${name}...\ndone.\n__RC=0\n`);
  return ok('');
}

const file = ({ root }: LabBox): string => join(root, 'var/db/lab-packages');
const plain = (full: string): string => full.replace(/-[^-]+$/, '');

function installed(box: LabBox): Rows {
  return existsSync(file(box)) ? Rows.parse(JSON.parse(readFileSync(file(box), 'utf8'))) : INSTALLED;
}

function listing(rows: Rows): string {
  return rows.map(([name, comment]) => `${name.padEnd(40)} ${comment}\n`).join('');
}
