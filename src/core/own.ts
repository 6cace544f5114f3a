/**
 * The entry of a table by a name that somebody else chose: an alias may be called `constructor`, and what every object
 * inherits is no entry.
 */
export function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
