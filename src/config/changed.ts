import { isDeepStrictEqual } from 'node:util';
import { type ConfigTree, listAt, textAt } from './model.ts';

/** Keys of what differs between two maps, those of the first in front. */
export function changedKeys(before: ReadonlyMap<string, ConfigTree>, after: ReadonlyMap<string, ConfigTree>): string[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => !isDeepStrictEqual(before.get(key), after.get(key)));
}

/** The entries of a list by a text that each of them holds. */
export function entriesBy(config: ConfigTree, path: string, field: string): Map<string, ConfigTree> {
  return new Map(listAt(config, path).map((entry) => [textAt(entry, field) ?? '', entry]));
}
