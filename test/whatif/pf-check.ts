import { entriesOfFile, type Facts, MissingFact, networksOf } from './pf-facts.ts';
import { PfSyntaxError } from './pf-lexer.ts';
import { TCP, WITH_PORTS } from './pf-names.ts';
import type { Conditions, FilterRule, Host, Ruleset } from './pf-syntax.ts';

const ICMP_FAMILIES: Readonly<Record<number, 'inet' | 'inet6'>> = { 1: 'inet', 58: 'inet6' };

/** What pfctl refuses although the grammar allows it, and what the facts do not hold. */
export function checkRules(rules: Ruleset, facts: Facts): void {
  for (const table of rules.tables.values()) for (const path of table.files) entriesOfFile(facts, path);
  for (const rule of [...rules.translations, ...rules.filters]) {
    if ('from' in rule) checkConditions(rule, facts);
    if (rule.kind === 'filter') checkFilterRule(rule);
  }
}

function checkConditions(rule: Conditions, facts: Facts): void {
  for (const { name } of rule.devices) checkDevice(name, facts);
  for (const host of [...rule.from.hosts, ...rule.to.hosts]) if (host.kind === 'device') networksOf(facts, host);
  if (!hasCombination(rule)) throw new PfSyntaxError(rule.line, 'the rule expands to no valid combination');
}

function checkFilterRule(rule: FilterRule): void {
  const { line, flags, protocols, icmpTypes } = rule;
  const hasPorts = rule.from.ports.length > 0 || rule.to.ports.length > 0;
  if (hasPorts && !(protocols.length > 0 && protocols.every((one) => WITH_PORTS.has(one)))) {
    throw new PfSyntaxError(line, 'a port needs a protocol that has ports');
  }
  if (flags && protocols.length > 0 && !protocols.includes(TCP)) throw new PfSyntaxError(line, 'flags without TCP');
  if (icmpTypes.length > 0 && !protocols.every((one) => one in ICMP_FAMILIES)) {
    throw new PfSyntaxError(line, 'an ICMP type needs ICMP as its only protocol');
  }
  if (rule.action === 'match' && (rule.routeTo ?? rule.replyTo) !== undefined) {
    throw new PfSyntaxError(line, 'a match rule does not route');
  }
}

/** A device that is not there is allowed in pf; here it would be a mistake of whoever gave the facts. */
function checkDevice(name: string, { devices }: Facts): void {
  const known = name in devices || Object.values(devices).some(({ groups }) => groups.includes(name));
  if (!known) throw new MissingFact(`device or group ${name} is not known`);
}

/** Whether some family fits the rule, its protocols and one host on each side. */
function hasCombination(rule: Conditions): boolean {
  return (['inet', 'inet6'] as const).some(
    (family) =>
      (rule.family ?? family) === family &&
      (rule.protocols.length === 0 || rule.protocols.some((one) => (ICMP_FAMILIES[one] ?? family) === family)) &&
      [rule.from, rule.to].every(({ hosts }) => hosts.length === 0 || hosts.some((host) => mayBe(host, family))),
  );
}

function mayBe(host: Host, family: 'inet' | 'inet6'): boolean {
  if (host.kind === 'prefix') return host.prefix.family === family;
  return host.kind !== 'range' || host.from.family === family;
}
