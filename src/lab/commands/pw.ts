import { readFileSync } from 'node:fs';
import { inRoot } from '../files.ts';
import type { CommandResult } from '../php/backend.ts';
import { type LabBox, ok } from './program.ts';

const FILES = { usershow: '/var/db/lab-passwd', groupshow: '/var/db/lab-group' } as const;

/** `pw usershow -n NAME` and `pw groupshow -n NAME`. */
export function pw([verb = '', flag, name = '']: readonly string[], { root }: LabBox): CommandResult {
  if (!(verb === 'usershow' || verb === 'groupshow') || flag !== '-n') return failed('not simulated', 64);
  const lines = readFileSync(inRoot(root, FILES[verb]), 'utf8').split('\n');
  const found = lines.find((line) => line.startsWith(`${name}:`));
  if (found !== undefined) return ok(`${found}\n`);
  return verb === 'usershow' ? failed(`no such user \`${name}'`, 67) : failed(`unknown group \`${name}'`, 65);
}

function failed(message: string, code: number): CommandResult {
  return { stdout: '', stderr: `pw: ${message}\n`, code };
}
