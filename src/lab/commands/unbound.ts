import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandResult } from '../php/backend.ts';
import { type LabBox, ok } from './program.ts';

const USUAL = ['www.example.com', 'mail.example.com', 'example.net', 'cdn.example.org'];

/** The resolver of the simulated box: a cache of names that it can forget. */
export function unboundControl(args: readonly string[], box: LabBox): CommandResult {
  const [flag, , verb = '', name = ''] = args;
  if (flag !== '-c' || existsSync(join(box.root, 'var/run/lab-stopped.unbound')))
    return { stdout: '', stderr: '[0] unbound-control[1:0] error: connect: Connection refused\n', code: 1 };
  if (verb === 'status') return ok('version: 1.19.1\nuptime: 266000 seconds\nunbound (pid 4242) is running...\n');
  if (verb === 'dump_cache') return ok(dump(namesIn(box)));
  if (verb === 'flush_infra') return ok('ok\n');
  if (verb === 'flush') return forget(box, (owner) => owner === name);
  if (verb === 'flush_zone')
    return forget(box, (owner) => name === '.' || owner === name || owner.endsWith(`.${name}`));
  return { stdout: `error unknown command '${verb}'\n`, stderr: '', code: 1 };
}

const file = ({ root }: LabBox): string => join(root, 'var/db/lab-dns-cache');

function namesIn(box: LabBox): string[] {
  return existsSync(file(box)) ? readFileSync(file(box), 'utf8').split('\n').filter(Boolean) : USUAL;
}

function forget(box: LabBox, isMeant: (owner: string) => boolean): CommandResult {
  const names = namesIn(box);
  const left = names.filter((owner) => !isMeant(owner));
  writeFileSync(file(box), left.join('\n'));
  return ok(
    `ok removed ${names.length - left.length} rrsets, ${names.length - left.length} messages and 0 key entries\n`,
  );
}

function dump(names: readonly string[]): string {
  const rows = names.map((name) => `;rrset 3600 1 0 7 3\n${name}.\t3600\tIN\tA\t203.0.113.9\n`);
  return `START_RRSET_CACHE\n${rows.join('')}END_RRSET_CACHE\nSTART_MSG_CACHE\nEND_MSG_CACHE\nEOF\n`;
}
