import { type ConfigTree, isList, listAt, textAt } from '../../../src/config/model.ts';
import { type NatKind, natIds, natPath } from '../../../src/config/nat-identity.ts';
import type { Post } from '../pfsense-page.ts';

/** What is on the firewall when a step begins, to say which object is meant. */
export interface Here {
  /** Id of a NAT rule by its description. */
  nat(kind: NatKind, description: string): string;
  /** Tracker of a filter rule by its description. */
  tracker(description: string): string;
  /** Place of an entry in its list, as forms name it. */
  place(list: string, key: string, value: string): string;
  /** Places of all entries of a list. */
  all(list: string): string[];
  /** Tracker of the first filter rule on a tab, and id of the first NAT rule of a kind. */
  anyTracker(tab: string): string;
  anyNat(kind: NatKind): string;
  /** What a port forward shares with its filter rule, by its description. */
  link(description: string): string;
  /** Places of the filter rules on a tab, in their order. */
  places(tab: string): string[];
}

/** One change through the tools, and all that has to be so after it. */
export interface Row {
  readonly kind: string;
  args(here: Here): Record<string, unknown>;
  /** Parts of the configuration that it may touch. */
  readonly touches: readonly string[];
  /** The entry that it is about, by list, key and value. */
  readonly entry: readonly [list: string, key: string, value: string];
  /** That entry afterwards, on the lab; null when it is gone. */
  readonly becomes: ConfigTree | null;
  /** The same operation by pfSense's own page; absent where no page does it. */
  readonly page?: readonly [page: string, post: (here: Here) => Post];
  /** What pf's rules hold afterwards, and what they do not. */
  readonly rules?: { readonly hold?: readonly RegExp[]; readonly lack?: readonly RegExp[] };
  /** The page of pfSense that shows it, and whether the text stands there. */
  readonly list?: readonly [page: string, query: Post, text: string, isThere: boolean];
}

export function hereOf(config: ConfigTree): Here {
  const place = (list: string, key: string, value: string): number => {
    const found = listAt(config, list).findIndex((one) => textAt(one, key) === value);
    if (found < 0) throw new Error(`There is no ${value} in ${list}.`);
    return found;
  };
  return {
    nat: (kind, description) => natIds(config, kind)[place(natPath(kind), 'descr', description)] ?? '',
    tracker: (description) =>
      textAt(listAt(config, 'filter/rule')[place('filter/rule', 'descr', description)] ?? '', 'tracker') ?? '',
    place: (list, key, value) => String(place(list, key, value)),
    all: (list) => listAt(config, list).map((_one, index) => String(index)),
    anyTracker: (tab) =>
      textAt(listAt(config, 'filter/rule').find((rule) => textAt(rule, 'interface') === tab) ?? '', 'tracker') ?? '',
    anyNat: (kind) => natIds(config, kind)[0] ?? '',
    link: (description) =>
      textAt(listAt(config, 'nat/rule')[place('nat/rule', 'descr', description)] ?? '', 'associated-rule-id') ?? '',
    places: (tab) =>
      listAt(config, 'filter/rule').flatMap((rule, index) =>
        textAt(rule, 'interface') === tab && textAt(rule, 'floating') === undefined ? [String(index)] : [],
      ),
  };
}

/** Strips times, names of people and chosen numbers down to their shape, so that what remains can be equal. */
export function shapeOf(tree: ConfigTree): unknown {
  if (typeof tree === 'string') return tree;
  if (isList(tree)) return tree.map(shapeOf);
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]): [string, unknown] => [key, shapeUnder(key, value) ?? shapeOf(value)]),
  );
}

/** What has a shape of its own, by key. */
const SHAPES: Readonly<Record<string, readonly [shape: RegExp, name: string]>> = {
  tracker: [/^\d{10}$/, 'TRACKER'],
  schedlabel: [/^[0-9a-f]{13}$/, 'LABEL'],
  'associated-rule-id': [/^nat_[0-9a-f]{13,14}\.\d{8}$/, 'LINK'],
};
const ADDED = /^Entry added [A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} \+0000$/;

function shapeUnder(key: string, value: ConfigTree): unknown {
  const text = typeof value === 'string' ? value : undefined;
  const [shape, name] = SHAPES[key] ?? [];
  if (text !== undefined && shape?.test(text)) return name;
  if (key === 'detail' && text !== undefined)
    return text
      .split('||')
      .map((one) => (ADDED.test(one) ? 'ADDED' : one))
      .join('||');
  if (key !== 'created' && key !== 'updated') return undefined;
  return /^\d{10}$/.test(textAt(value, 'time') ?? '') && textAt(value, 'username') ? 'STAMP' : undefined;
}
