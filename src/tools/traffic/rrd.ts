/** Values of one moment, by the names of the series; null: nothing was recorded. */
export interface Point {
  /** Seconds since the epoch. */
  readonly at: number;
  readonly values: Readonly<Record<string, number | null>>;
}

/** Reads the output of `rrdtool fetch`: a line of names, then `time: value value …`. */
export function readFetch(output: string): Point[] {
  const lines = output.split('\n');
  const heading = lines.find((line) => line.trim() !== '' && !line.includes(':')) ?? '';
  const names = heading
    .trim()
    .split(/\s+/)
    .filter((name) => name !== '');
  return lines.flatMap((line) => {
    const match = /^\s*(\d+):\s+(.*)$/.exec(line);
    if (!match) return [];
    const cells = (match[2] ?? '').trim().split(/\s+/);
    const values = names.map((name, index) => [name, numberOf(cells[index])] as const);
    return [{ at: Number(match[1]), values: Object.fromEntries(values) }];
  });
}

function numberOf(cell: string | undefined): number | null {
  const value = Number(cell);
  return cell !== undefined && Number.isFinite(value) ? value : null;
}

/** At most `most` points, each the mean of as many that follow each other; gaps stay gaps. */
export function thinned(points: readonly Point[], most: number): Point[] {
  const size = Math.max(1, Math.ceil(points.length / most));
  const groups = Array.from({ length: Math.ceil(points.length / size) }, (_, index) =>
    points.slice(index * size, (index + 1) * size),
  );
  return groups.flatMap((group) => {
    const last = group.at(-1);
    if (!last) return [];
    const values = Object.keys(last.values).map(
      (name) => [name, mean(group.map((point) => point.values[name] ?? null))] as const,
    );
    return [{ at: last.at, values: Object.fromEntries(values) }];
  });
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
