import { diffConfigs, type ObjectChange } from '../../config/diff.ts';
import { changeText } from '../../config/diff-text.ts';
import type { ConfigTree } from '../../config/model.ts';
import type { Box } from '../../pfsense/box.ts';
import type { Revision } from './revisions.ts';
import { configSection } from './section.ts';

/** Parts of a configuration that tell what to call the objects of others. */
const CONTEXT = 'interfaces';

/** What changed between two revisions below a path; the whole configuration when it is empty. */
export async function changesBetween(
  box: Box,
  [before, after]: readonly [string, string],
  path = '',
): Promise<ObjectChange[]> {
  // One after the other: a history is no reason to start more PHP on the firewall.
  const a = await partOf(box, before, path);
  const b = await partOf(box, after, path);
  const changes = diffConfigs(a, b);
  return path === '' ? changes : changes.flatMap((change) => partBelow(change, path));
}

/** The section that holds the path, beside the names of the interfaces. */
async function partOf(box: Box, revision: string, path: string): Promise<ConfigTree> {
  const [section = ''] = path.split('/');
  if (section === '') return (await configSection(box, { path: '', revision })).tree ?? {};
  const part: Record<string, ConfigTree> = {};
  for (const name of new Set([section, CONTEXT])) {
    const { tree } = await configSection(box, { path: name, revision });
    if (tree !== undefined) part[name] = tree;
  }
  return part;
}

/** What of a change lies at or below the path: all of it, some of its fields, or nothing. */
function partBelow(change: ObjectChange, path: string): ObjectChange[] {
  if (change.path === path || change.path.startsWith(`${path}/`)) return [change];
  if (!path.startsWith(`${change.path}/`)) return [];
  const rest = path.slice(change.path.length + 1);
  const fields = change.fields.filter(({ field }) => field === rest || field.startsWith(`${rest}/`));
  return fields.length > 0 ? [{ ...change, fields }] : [];
}

/** A revision together with what it changed. */
export interface Blame extends Revision {
  readonly changes: readonly string[];
}

/** The revisions of the list, newest first, that changed something below the path, each compared with the next older. */
export async function blame(box: Box, revisions: readonly Revision[], path: string): Promise<Blame[]> {
  const found: Blame[] = [];
  for (const [index, revision] of revisions.entries()) {
    const older = revisions[index + 1];
    if (!older) break;
    const changes = await changesBetween(box, [older.id, revision.id], path);
    if (changes.length > 0) found.push({ ...revision, changes: changes.map(changeText) });
  }
  return found;
}
