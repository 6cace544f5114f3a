import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { CommandResult } from '../php/backend.ts';
import { type LabBox, ok } from './program.ts';

/** `zcat FILE` of the simulated box. */
export function zcat([file = '']: readonly string[], { root }: LabBox): CommandResult {
  try {
    return ok(gunzipSync(readFileSync(join(root, file))).toString());
  } catch {
    return { stdout: '', stderr: 'zcat: not in gzip format\n', code: 1 };
  }
}
