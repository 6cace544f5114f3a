import { type ConfigTree, entriesAt, listAt, textAt } from '../../config/model.ts';

/** The separator that a rule stands under on its tab; `position` counts from 1. */
export function headingOf(separators: ConfigTree, tab: string, position: number): string | undefined {
  const key = tab === 'floating' ? 'floatingrules' : tab.toLowerCase();
  const above = entriesAt(separators, key)
    .map(([, separator]) => ({ row: rowOf(separator), text: textAt(separator, 'text') ?? '' }))
    .filter(({ row }) => row < position)
    .sort((a, b) => a.row - b.row);
  return above.at(-1)?.text;
}

/** `fr3`: number of rules above the separator. */
function rowOf(separator: ConfigTree): number {
  const row = listAt(separator, 'row')[0] ?? textAt(separator, 'row');
  return typeof row === 'string' ? Number(row.replace(/^fr/, '')) : Number.NaN;
}
