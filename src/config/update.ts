import { own } from '../core/own.ts';
import { type ConfigSection, type ConfigTree, isList } from './model.ts';

export type TreePath = readonly (string | number)[];

/** The tree with `value` at a path; sections that are missing on the way come into being. The old tree stays as it is. */
export function withTree(tree: ConfigTree | undefined, path: TreePath, value: ConfigTree): ConfigTree {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  if (typeof head === 'number') {
    const list = tree !== undefined && isList(tree) ? tree : [];
    return list.with(head, withTree(list[head], rest, value));
  }
  const section = sectionOf(tree);
  return { ...section, [head]: withTree(own(section, head), rest, value) };
}

/** The tree without what lies at a path; the same tree when nothing lies there. */
export function withoutTree(tree: ConfigTree, path: TreePath): ConfigTree {
  const [head, ...rest] = path;
  if (head === undefined || typeof tree === 'string') return tree;
  const child = isList(tree) ? tree[Number(head)] : own(tree, String(head));
  if (child === undefined) return tree;
  if (rest.length > 0) {
    const next = withoutTree(child, rest);
    return next === child ? tree : withTree(tree, [head], next);
  }
  if (isList(tree)) return tree.filter((_item, index) => index !== head);
  const { [head]: _gone, ...others } = tree;
  return others;
}

/** A section as an object; an empty element is a section without children. */
export function sectionOf(tree: ConfigTree | undefined): ConfigSection {
  return tree === undefined || typeof tree === 'string' || isList(tree) ? {} : tree;
}
