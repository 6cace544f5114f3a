import { isDeepStrictEqual } from 'node:util';
import { type ConfigTree, isList } from '../config/model.ts';
import { sectionOf } from '../config/update.ts';

/**
 * One assignment to a path of the configuration. Paths end at a value or at a whole list: pfSense holds a list only as
 * one, and the base that the path is meant for is compared before.
 */
export interface Operation {
  readonly path: readonly string[];
  /** What is to stand there, as it reads back when it was written; absent when the path is to go. */
  readonly value?: ConfigTree;
}

/** The operations that lead from one configuration to another, in the order of the document. */
export function operationsBetween(base: ConfigTree, candidate: ConfigTree, path: readonly string[] = []): Operation[] {
  if (base === candidate || isDeepStrictEqual(base, candidate)) return [];
  if (!isSection(base) || !isSection(candidate)) return assignment(asWritten(base), asWritten(candidate), path);
  const [before, after] = [sectionOf(base), sectionOf(candidate)];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const [old, wanted] = [before[name], after[name]];
    const here = [...path, name];
    if (old !== undefined && wanted !== undefined) return operationsBetween(old, wanted, here);
    return assignment(asWritten(old), asWritten(wanted), here);
  });
}

function assignment(old: ConfigTree | undefined, wanted: ConfigTree | undefined, path: readonly string[]): Operation[] {
  if (isDeepStrictEqual(old, wanted)) return [];
  return [wanted === undefined ? { path } : { path, value: wanted }];
}

/**
 * A part as it reads back after pfSense wrote it: of an empty list nothing is left, of an empty section an empty
 * element, and an empty item of a list is dropped.
 */
export function asWritten(tree: ConfigTree | undefined): ConfigTree | undefined {
  if (tree === undefined || typeof tree === 'string') return tree;
  if (isList(tree)) {
    const items = tree.flatMap((item) => asWritten(item) || []);
    return items.length === 0 ? undefined : items;
  }
  const entries = Object.entries(tree).flatMap(([name, child]) => {
    const written = asWritten(child);
    return written === undefined ? [] : [[name, written] as const];
  });
  return entries.length === 0 ? '' : Object.fromEntries(entries);
}

function isSection(tree: ConfigTree): boolean {
  return typeof tree !== 'string' && !isList(tree);
}
