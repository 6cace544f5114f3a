import type { Comparison } from './output.ts';

/** Rows of one answer together take no more than this, in characters of JSON. */
const MAX_CHARS = 22_000;

/** The answer with as many rows as one may carry, and how many were left out. */
export function fitted(answer: Comparison): { answer: Comparison; cut: number } {
  let left = MAX_CHARS;
  const take = <T>(rows: readonly T[]): T[] =>
    rows.filter((row) => {
      left -= JSON.stringify(row).length + 1;
      return left > 0;
    });
  const deviations = take(answer.deviations);
  const differences = take(answer.differences);
  const noMajority = answer.noMajority && take(answer.noMajority);
  const cut =
    answer.deviations.length -
    deviations.length +
    (answer.differences.length - differences.length) +
    ((answer.noMajority?.length ?? 0) - (noMajority?.length ?? 0));
  return { answer: { ...answer, deviations, differences, ...(noMajority ? { noMajority } : {}) }, cut };
}
