/** Where an object belongs in the list as it is now. */
export type Spot = 'stay' | 'end' | { readonly after: string } | { readonly before: string };

/**
 * Where an object belongs by its neighbours of that time that are still there. It stays when it is in order with all of
 * them, whatever came between since.
 */
export function spotOf(then: readonly string[], now: readonly string[], key: string): Spot {
  const at = now.indexOf(key);
  const here = new Map(now.map((one, index) => [one, index]));
  const own = then.indexOf(key);
  const above = then.slice(0, own).filter((one) => here.has(one));
  const below = then.slice(own + 1).filter((one) => here.has(one));
  const isAbove = above.every((one) => (here.get(one) ?? 0) < at);
  if (at >= 0 && isAbove && below.every((one) => (here.get(one) ?? 0) > at)) return 'stay';
  const [last, first] = [above.at(-1), below[0]];
  if (last !== undefined) return { after: last };
  if (first !== undefined) return { before: first };
  return at >= 0 ? 'stay' : 'end';
}
