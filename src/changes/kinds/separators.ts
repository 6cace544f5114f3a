import { type ConfigSection, type ConfigTree, entriesAt, textAt, treeAt } from '../../config/model.ts';
import { sectionOf, withTree } from '../../config/update.ts';

/** Where the separators of a tab of filter rules are; pfSense writes the tab in lower case, whatever its rules say. */
export function separatorPath(tab: string): readonly string[] {
  return ['filter', 'separator', tab === 'floating' ? 'floatingrules' : tab.toLowerCase()];
}

export const FORWARD_SEPARATORS: readonly string[] = ['nat', 'separator'];

/** Number of rules above a separator: `fr3`. */
export function rowOf(separator: ConfigTree): number {
  const row = textAt(separator, 'row/0') ?? textAt(separator, 'row') ?? '';
  return Number(row.replace(/^fr/, '')) || 0;
}

/** Makes room for a rule behind the one at `place`, or at the top (-1): what stands above it stays. */
export function shiftedDown(config: ConfigTree, path: readonly string[], place: number): ConfigTree {
  return shifted(config, path, (row) => (row > place ? row + 1 : row));
}

/** Closes the gap of a rule that stood at `place`: a separator above it now heads the next rule. */
export function shiftedUp(config: ConfigTree, path: readonly string[], place: number): ConfigTree {
  return shifted(config, path, (row) => (row > place ? row - 1 : row));
}

function shifted(config: ConfigTree, path: readonly string[], move: (row: number) => number): ConfigTree {
  return entriesAt(config, path.join('/')).reduce((tree, [name, separator]) => {
    const row = rowOf(separator);
    return typeof separator === 'string' || move(row) === row ? tree : withRow(tree, [...path, name], move(row));
  }, config);
}

function withRow(config: ConfigTree, path: readonly string[], row: number): ConfigTree {
  const separator: ConfigSection = sectionOf(treeAt(config, path.join('/')));
  return withTree(config, path, { ...separator, row: [`fr${row}`] });
}
