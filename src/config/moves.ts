import type { Identified } from './identity.ts';
import { type ConfigTree, textAt, treeAt } from './model.ts';

/** Places within a group, from 1. */
export interface Move {
  readonly from: number;
  readonly to: number;
}

interface Place {
  readonly group: string;
  readonly place: number;
}

/**
 * Which objects changed their order relative to others of their group (the tab of the GUI, for filter rules), by
 * identity. What only slid because others came or went has not moved.
 */
export function movesOf(
  before: readonly Identified[],
  after: readonly Identified[],
  where: string,
): ReadonlyMap<string, Move> {
  const [old, present] = [placesOf(before, where), placesOf(after, where)];
  const groups = new Map<string, [string, Move][]>();
  for (const [identity, { group, place: to }] of present) {
    const was = old.get(identity);
    if (was?.group !== group) continue;
    const members = groups.get(group) ?? [];
    members.push([identity, { from: was.place, to }]);
    groups.set(group, members);
  }
  return new Map([...groups.values()].flatMap(movedOf));
}

function movedOf(members: readonly [string, Move][]): [string, Move][] {
  const still = longestIncreasing(members.map(([, { from }]) => from));
  return members.filter((_member, index) => !still.has(index));
}

function placesOf(items: readonly Identified[], where: string): Map<string, Place> {
  const counts = new Map<string, number>();
  return new Map(
    items.map(({ identity, item }) => {
      const group = groupOf(item, where);
      const place = (counts.get(group) ?? 0) + 1;
      counts.set(group, place);
      return [identity, { group, place }];
    }),
  );
}

/** Filter rules are ordered within their tab; all other lists as a whole. */
function groupOf(item: ConfigTree, where: string): string {
  if (where !== 'filter/rule') return '';
  return treeAt(item, 'floating') === undefined ? (textAt(item, 'interface') ?? '') : 'floating';
}

/** Indexes of a longest part that is in order: what is outside of it was moved. */
function longestIncreasing(numbers: readonly number[]): Set<number> {
  const tails: number[] = [];
  const previous: number[] = [];
  numbers.forEach((number, index) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((numbers[tails[middle] ?? 0] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    previous[index] = low > 0 ? (tails[low - 1] ?? -1) : -1;
    tails[low] = index;
  });
  const kept = new Set<number>();
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1) kept.add(at);
  return kept;
}
