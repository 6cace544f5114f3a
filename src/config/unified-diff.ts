import { createTwoFilesPatch, diffArrays } from 'diff';

/** Beyond this many edits a line diff says less than a semantic one, and takes very long to find. */
const MAX_EDITS = 20_000;

/** A unified diff of two texts; undefined when they differ too much for one. */
export function unifiedDiff(before: string, after: string, names: readonly [string, string]): string | undefined {
  if (before === after) return '';
  const options = { context: 3, maxEditLength: MAX_EDITS, timeout: 20_000 };
  const patch = createTwoFilesPatch(names[0], names[1], before, after, undefined, undefined, options);
  return patch?.replace(/^=+\n/, '');
}

/** Lines that come (`+ `) and go (`- `), in their order; all of both when they differ too much. */
export function changedLines(before: readonly string[], after: readonly string[]): string[] {
  const parts = diffArrays([...before], [...after], { maxEditLength: MAX_EDITS, timeout: 20_000 }) ?? [
    { removed: true, added: false, value: [...before] },
    { removed: false, added: true, value: [...after] },
  ];
  return parts.flatMap(({ added, removed, value }) =>
    added || removed ? value.map((line) => `${added ? '+' : '-'} ${line}`) : [],
  );
}
