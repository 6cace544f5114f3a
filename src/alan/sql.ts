/** What the tables need of a database; only the one that opens it knows which library that is. */
export interface Sql {
  prepare(source: string): {
    run(...values: unknown[]): unknown;
    get(...values: unknown[]): unknown;
    all(...values: unknown[]): unknown[];
  };
}
