import { isDeepStrictEqual } from 'node:util';
import { type ConfigTree, listAt, textAt, treeAt } from '../config/model.ts';
import type { AddressMatch } from './addresses.ts';
import type { Journey } from './journey.ts';
import type { PfRule } from './pf-rule.ts';

/** Where the names of unknowns come from; what no entry fits comes from anywhere. */
const SOURCES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^schedule /, ['schedules']],
  [/^gateways? /, ['gateways', 'interfaces']],
  [/^captive portal /, ['captiveportal']],
  [/^rules of package /, ['installedpackages']],
  [/^rules in anchor userrules/, ['system/authserver']],
  [/^rules in anchor (openvpn|ipsec)/, ['openvpn', 'ipsec', 'system/authserver']],
  [/^port mappings of UPnP/, ['installedpackages']],
  [/^NAT of an IPsec tunnel|IPsec peer/, ['ipsec']],
  // Of the packet or of the rule itself, which is compared as a whole.
  [/^(operating system|DSCP|VLAN priority|connection limits|ICMP type|tag |NAT64|quick of a match rule)/, []],
];

const ANYWHERE = [
  ...['aliases', 'captiveportal', 'dhcpd', 'gateways', 'ifgroups', 'installedpackages', 'interfaces', 'ipsec'],
  ...['openvpn', 'ppps', 'schedules', 'system', 'virtualip', 'staticroutes', 'filter/bypassstaticroutes'],
];

/**
 * Whether what nobody knows about some ways of a packet is at least the same before and after a change: the contents of
 * the tables that their rules name, and whatever else they hang on.
 */
export function isSameGround(ways: readonly Pick<Journey, 'says'>[], before: ConfigTree, after: ConfigTree): boolean {
  const says = ways.flatMap((way) => way.says);
  const rules = says.flatMap(({ rules, translations }) => [
    ...rules.map(({ rule }) => rule),
    ...translations.map(({ when }) => when),
  ]);
  const tables = new Set(rules.flatMap(matchesOf).flatMap((match) => match.flatMap(({ table }) => table ?? [])));
  const sections = new Set(rules.flatMap(unknownsOf).flatMap(sectionsOf));
  const same = (path: string): boolean => isDeepStrictEqual(treeAt(before, path), treeAt(after, path));
  return [...sections].every(same) && [...tables].every((table) => isSameAlias(table, before, after));
}

function matchesOf({ source, destination }: PfRule): AddressMatch[] {
  return [source, destination];
}

function unknownsOf(rule: PfRule): string[] {
  const ends = matchesOf(rule).flatMap((match) => match.filter(({ table }) => table === null));
  return [...rule.unless, ...rule.quickUnless, ...ends.flatMap(({ unknown }) => unknown)];
}

function sectionsOf(name: string): readonly string[] {
  return SOURCES.find(([pattern]) => pattern.test(name))?.[1] ?? ANYWHERE;
}

/** An alias with all that is nested in it. */
function isSameAlias(name: string, before: ConfigTree, after: ConfigTree): boolean {
  return isDeepStrictEqual(nested(name, before), nested(name, after));
}

function nested(top: string, config: ConfigTree): Map<string, unknown> {
  const all = new Map(listAt(config, 'aliases/alias').map((alias) => [textAt(alias, 'name') ?? '', alias]));
  const found = new Map<string, unknown>();
  const waiting = [top];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const alias = all.get(name);
    if (alias === undefined || found.has(name)) continue;
    found.set(name, meaningOf(alias));
    waiting.push(...(textAt(alias, 'address') ?? '').split(/\s+/));
  }
  return found;
}

/** What it is called by and explained with decides nothing. */
function meaningOf(alias: ConfigTree): unknown {
  return ['type', 'address', 'url', 'aliasurl', 'updatefreq'].map((key) => treeAt(alias, key) ?? null);
}
