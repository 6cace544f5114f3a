import { createTwoFilesPatch } from 'diff';

/** Beyond this many edits a line diff says less than a semantic one, and takes very long to find. */
const MAX_EDITS = 20_000;

/** A unified diff of two texts; undefined when they differ too much for one. */
export function unifiedDiff(before: string, after: string, names: readonly [string, string]): string | undefined {
  if (before === after) return '';
  const options = { context: 3, maxEditLength: MAX_EDITS, timeout: 20_000 };
  const patch = createTwoFilesPatch(names[0], names[1], before, after, undefined, undefined, options);
  return patch?.replace(/^=+\n/, '');
}
