import { type ConfigTree, isList, listAt, textAt } from '../config/model.ts';

/** Trackers of rules in the configuration begin here; smaller ones are pfSense's own rules. */
const FIRST_TRACKER = 1_000_000_000;

/**
 * A tracker that no rule has. pfSense takes the time; rules made in the same second must still differ, as pf counts and
 * logs by it.
 */
export function freeTracker(config: ConfigTree, now: number): string {
  const taken = new Set(listAt(config, 'filter/rule').map((rule) => Number(textAt(rule, 'tracker'))));
  let tracker = Math.max(now, FIRST_TRACKER);
  while (taken.has(tracker)) tracker += 1;
  return String(tracker);
}

/** `uniqid()` as PHP writes it, 13 hexadecimal digits from the time, that stands nowhere in the configuration. */
export function freeUniqid(config: ConfigTree, now: number): string {
  const taken = new Set(textsOf(config));
  for (let part = 0; ; part += 1) {
    const id = now.toString(16).padStart(8, '0').slice(-8) + part.toString(16).padStart(5, '0');
    if (!taken.has(id)) return id;
  }
}

/** A link of a port forward and its filter rule that nothing has yet: `uniqid('nat_', true)`, its last part counted. */
export function freeLinkId(config: ConfigTree, now: number): string {
  const taken = new Set(textsOf(config));
  const time = now.toString(16).padStart(8, '0').slice(-8).padEnd(13, '0');
  for (let part = 0; ; part += 1) {
    const id = `nat_${time}.${String(part).padStart(8, '0')}`;
    if (!taken.has(id)) return id;
  }
}

function* textsOf(tree: ConfigTree): Generator<string> {
  if (typeof tree === 'string') yield tree;
  else for (const child of isList(tree) ? tree : Object.values(tree)) yield* textsOf(child);
}
