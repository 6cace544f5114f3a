import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { CommandResult } from '../php/backend.ts';
import { type LabBox, ok } from './program.ts';

/**
 * What a program answers that the lab was told to break: `var/db/lab-fail.<name>` makes it fail,
 * `var/db/lab-silent.<name>` makes it print nothing. Arguments written in the file limit that to calls with just these.
 */
export function brokenAnswer(program: string, args: readonly string[], { root }: LabBox): CommandResult | undefined {
  const name = basename(program);
  if (isMarked(join(root, `var/db/lab-fail.${name}`), args))
    return { stdout: '', stderr: `${name}: failed\n`, code: 1 };
  return isMarked(join(root, `var/db/lab-silent.${name}`), args) ? ok('') : undefined;
}

function isMarked(file: string, args: readonly string[]): boolean {
  if (!existsSync(file)) return false;
  const only = readFileSync(file, 'utf8').trim();
  return only === '' || only === args.join(' ');
}
