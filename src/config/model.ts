import { own } from '../core/own.ts';
/** A configuration as pfSense's parser yields it: leaves are always strings, lists only under list tags. */
export type ConfigTree = string | readonly ConfigTree[] | ConfigSection;

export interface ConfigSection {
  readonly [key: string]: ConfigTree;
}

/** What lies at `a/b/0/c`, or undefined. */
export function treeAt(tree: ConfigTree, path: string): ConfigTree | undefined {
  return path
    .split('/')
    .filter((part) => part !== '')
    .reduce<ConfigTree | undefined>((node, part) => childOf(node, part), tree);
}

function childOf(node: ConfigTree | undefined, part: string): ConfigTree | undefined {
  if (node === undefined || typeof node === 'string') return undefined;
  if (isList(node)) return /^\d+$/.test(part) ? node[Number(part)] : undefined;
  return own(node, part);
}

export function isList(tree: ConfigTree): tree is readonly ConfigTree[] {
  return Array.isArray(tree);
}

/** The text at a path; undefined for anything else. */
export function textAt(tree: ConfigTree, path: string): string | undefined {
  const found = treeAt(tree, path);
  return typeof found === 'string' ? found : undefined;
}

/** The list at a path; empty when there is none, as pfSense's `config_get_path($path, [])` gives. */
export function listAt(tree: ConfigTree, path: string): readonly ConfigTree[] {
  const found = treeAt(tree, path);
  return found !== undefined && isList(found) ? found : [];
}

/** Names and children of the section at a path. */
export function entriesAt(tree: ConfigTree, path: string): [string, ConfigTree][] {
  const found = treeAt(tree, path);
  if (found === undefined || typeof found === 'string' || isList(found)) return [];
  return Object.entries(found);
}
