/** Whether something holds: yes, no, or the names of what would have to be known to say. */
export type Truth = boolean | readonly string[];

/** Holds when all hold; a single no decides whatever is unknown. */
export function all(truths: readonly Truth[]): Truth {
  const unknown: string[] = [];
  for (const truth of truths) {
    if (truth === false) return false;
    if (truth !== true) unknown.push(...truth);
  }
  return unknown.length === 0 ? true : unknown;
}

export function not(truth: Truth): Truth {
  return typeof truth === 'boolean' ? !truth : truth;
}
