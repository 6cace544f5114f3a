import { type ConfigTree, isList, textAt } from '../../config/model.ts';
import type { Alias } from './members.ts';
import { type AliasSource, USERS } from './source.ts';

/** Fields that hold prose or identity, where a word that looks like an alias is none. */
const PROSE = new Set(['descr', 'description', 'tracker', 'vpnid', 'name', 'type', 'detail', 'gateway', 'sched']);

/** By alias name: where it is used, such as `filter rule 1700000001 (Drop known bad hosts)`. */
export function aliasUsage(source: AliasSource, aliases: readonly Alias[]): ReadonlyMap<string, readonly string[]> {
  const usage = new Map<string, string[]>(aliases.map(({ name }) => [name, []]));
  for (const alias of aliases)
    for (const member of new Set(alias.members)) usage.get(member)?.push(`alias ${alias.name}`);
  for (const [path, kind] of Object.entries(USERS))
    for (const entry of source.users[path] ?? [])
      for (const word of new Set(wordsIn(entry))) usage.get(word)?.push(placeOf(kind, entry));
  return usage;
}

/** Filter rules by the schedule they follow. */
export function scheduleUsage(source: AliasSource, schedule: string): string[] {
  return (source.users['filter/rule'] ?? [])
    .filter((rule) => textAt(rule, 'sched') === schedule)
    .map((rule) => placeOf('filter rule', rule));
}

function placeOf(kind: string, entry: ConfigTree): string {
  const id = textAt(entry, 'tracker') ?? textAt(entry, 'vpnid') ?? textAt(entry, 'network');
  const name = textAt(entry, 'descr') ?? textAt(entry, 'description');
  return [kind, id, name ? `(${name})` : ''].filter((part) => part).join(' ');
}

function wordsIn(node: ConfigTree): string[] {
  if (typeof node === 'string') return node.split(/[\s,]+/);
  const children: readonly [string, ConfigTree][] = isList(node)
    ? node.map((child) => ['', child])
    : Object.entries(node);
  return children.flatMap(([key, child]) => (PROSE.has(key) ? [] : wordsIn(child)));
}
