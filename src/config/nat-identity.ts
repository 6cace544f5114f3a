import { createHash } from 'node:crypto';
import { type ConfigTree, isList, listAt, treeAt } from './model.ts';

export const NAT_KINDS = ['port_forward', 'outbound', 'one_to_one', 'npt'] as const;
export type NatKind = (typeof NAT_KINDS)[number];

/** Where the rules of a kind are, and what of a rule says which packets it is for. */
const KINDS: Readonly<Record<NatKind, { path: string; match: readonly string[] }>> = {
  port_forward: { path: 'nat/rule', match: ['interface', 'ipprotocol', 'protocol', 'source', 'destination'] },
  outbound: {
    path: 'nat/outbound/rule',
    match: ['interface', 'ipprotocol', 'protocol', 'source', 'sourceport', 'destination', 'dstport'],
  },
  one_to_one: { path: 'nat/onetoone', match: ['interface', 'ipprotocol', 'source', 'destination'] },
  npt: { path: 'nat/npt', match: ['interface', 'source'] },
};

/** The path of a kind's list, as in `nat/outbound/rule`. */
export function natPath(kind: NatKind): string {
  return KINDS[kind].path;
}

/** Keys of a rule that its identity is made from. */
export function natMatch(kind: NatKind): readonly string[] {
  return KINDS[kind].match;
}

/**
 * What each NAT rule of a kind is known by, in the order of the list: pfSense gives NAT rules no name of their own, so
 * it is a fingerprint of the packets that the rule is for. It stays when only what becomes of them changes. Rules for
 * the same packets have one of all else behind it; equal rules have the same id.
 */
export function natIds(config: ConfigTree, kind: NatKind): string[] {
  const all = natPrints(config, kind);
  return all.map(({ match, whole }) => (all.filter((other) => other.match === match).length > 1 ? whole : match));
}

/** Both forms of the id of every rule: from what it matches alone, and from all that it says. */
export function natPrints(config: ConfigTree, kind: NatKind): { readonly match: string; readonly whole: string }[] {
  return listAt(config, natPath(kind)).map((rule) => {
    const match = hash([kind, matchOf(rule, kind)]).slice(0, 12);
    return { match, whole: `${match}-${hash(plain(withoutState(rule))).slice(0, 6)}` };
  });
}

function matchOf(rule: ConfigTree, kind: NatKind): unknown {
  const defaults: Readonly<Record<string, string>> = {
    interface: 'wan',
    ipprotocol: kind === 'outbound' ? '' : 'inet',
  };
  return natMatch(kind).map((key) => [key, plain(treeAt(rule, key) ?? '') || (defaults[key] ?? '')]);
}

/** Without what comes and goes while the rule stays the same one. */
function withoutState(rule: ConfigTree): ConfigTree {
  if (typeof rule === 'string' || isList(rule)) return rule;
  const passing = new Set(['disabled', 'created', 'updated', 'associated-rule-id']);
  return Object.fromEntries(Object.entries(rule).filter(([key]) => !passing.has(key)));
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** A value whose keys have one order; presence flags stay. */
function plain(value: ConfigTree): unknown {
  if (typeof value === 'string') return value;
  if (isList(value)) return value.map(plain);
  const entries = Object.entries(value).sort(([a], [b]) => Number(a > b) - Number(a < b));
  return entries.filter(([key, child]) => key !== 'port' || child !== '').map(([key, child]) => [key, plain(child)]);
}
