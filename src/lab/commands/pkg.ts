import type { CommandResult } from '../php/backend.ts';
import { ok } from './program.ts';

const INSTALLED = [
  ['pfSense-pkg-System_Patches-2.2.11', 'Apply patches supplied by the pfSense team'],
  ['pfSense-pkg-WireGuard-0.2.9', 'pfSense package WireGuard'],
];
const CATALOGUE = [
  ['pfSense-pkg-acme-0.9', "ACME package for Let's Encrypt"],
  ['pfSense-pkg-System_Patches-2.2.21_1', 'Apply patches supplied by the pfSense team'],
  ['pfSense-pkg-WireGuard-0.2.9', 'pfSense package WireGuard'],
];

export function pkg([verb = '', ...args]: readonly string[]): CommandResult {
  if (verb === 'info') return ok(listing(INSTALLED));
  if (verb === 'search') return ok(listing(CATALOGUE));
  if (verb === 'version' && args[0] === '-t') return ok(args[1] === args[2] ? '=\n' : '<\n');
  return { stdout: '', stderr: 'pkg: not simulated\n', code: 1 };
}

function listing(rows: readonly (readonly string[])[]): string {
  return rows.map(([name = '', comment = '']) => `${name.padEnd(40)} ${comment}\n`).join('');
}
