import type { CellResult } from './cell.ts';

/** The matrix as text: a row for each fault, a column for each operation, `code ms` in the cells, `✗` where it failed. */
export function matrixTable(results: readonly CellResult[]): string {
  const operations = unique(results.map(({ operation }) => operation));
  const faults = unique(results.map(({ fault }) => fault));
  const cellOf = (fault: string, operation: string): string => {
    const found = results.find((result) => result.fault === fault && result.operation === operation);
    if (!found) return '';
    return `${found.problems.length > 0 ? '✗ ' : ''}${short(found.outcome)} ${found.ms}`;
  };
  const rows = faults.map((fault) => [fault, ...operations.map((operation) => cellOf(fault, operation))]);
  return table([['fault', ...operations], ...rows]);
}

/** Columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

function short(outcome: string): string {
  return outcome.length > 34 ? `${outcome.slice(0, 33)}…` : outcome;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
