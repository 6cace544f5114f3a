import { type ConfigTree, entriesAt, isList, listAt, textAt } from '../../../config/model.ts';
import { refused } from '../../kind.ts';

/** What an object can name: the field of a list, or the keys of a section. */
const NAMED: readonly (readonly [noun: string, path: string, field?: string])[] = [
  ['alias', 'aliases/alias', 'name'],
  ['schedule', 'schedules/schedule', 'name'],
  ['gateway', 'gateways/gateway_item', 'name'],
  ['group of gateways', 'gateways/gateway_group', 'name'],
  ['interface', 'interfaces'],
  ['group of interfaces', 'ifgroups/ifgroupentry', 'ifname'],
];

/** What people wrote, and what tells who wrote it. */
const NO_NAMES: ReadonlySet<string> = new Set(['descr', 'detail', 'text', 'username', 'created', 'updated', 'name']);

/**
 * Whether all that an object names is still there: a rule that names something else is dropped by pfSense in silence.
 * @throws PfsenseError `bad_input`
 */
export function checkReferences(config: ConfigTree, past: ConfigTree, item: ConfigTree, list: string): void {
  const words = new Set([...wordsOf(item), ...list.split('/')]);
  for (const [noun, path, field] of NAMED) {
    const present = new Set(namesAt(config, path, field));
    const gone = namesAt(past, path, field).find((name) => words.has(name) && !present.has(name));
    if (gone === undefined) continue;
    throw refused(
      `object: it names the ${noun} ${gone}, which is gone.`,
      field === 'name'
        ? `Bring that back first; the same plan can do it: object.restore with object ${path}/${gone}.`
        : 'Bring that back first.',
    );
  }
}

function wordsOf(item: ConfigTree): string[] {
  if (typeof item === 'string') return item.split(/[\s,|]+/).filter((word) => word !== '');
  if (isList(item)) return item.flatMap(wordsOf);
  return Object.entries(item).flatMap(([name, child]) => (NO_NAMES.has(name) ? [] : wordsOf(child)));
}

function namesAt(config: ConfigTree, path: string, field: string | undefined): string[] {
  if (field === undefined) return entriesAt(config, path).map(([name]) => name);
  return listAt(config, path).flatMap((one) => textAt(one, field) || []);
}
