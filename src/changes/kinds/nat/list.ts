import { z } from 'zod';
import { type ConfigSection, type ConfigTree, listAt, textAt } from '../../../config/model.ts';
import { type NatKind, natMatch, natPath, natPrints } from '../../../config/nat-identity.ts';
import { sectionOf, withTree } from '../../../config/update.ts';
import { notThere, refused } from '../../kind.ts';
import { type Fields, isAlike, withFields } from '../fields.ts';
import { FORWARD_SEPARATORS, shiftedDown, shiftedUp } from '../separators.ts';
import { plainText } from '../text.ts';

export const NatId = plainText(60).min(4).describe('Id of a NAT rule, from pf_nat_list');

export const NatPosition = z
  .union([z.enum(['top', 'bottom']), z.strictObject({ before: NatId }), z.strictObject({ after: NatId })])
  .describe("'top', 'bottom', {before: id} or {after: id}");
export type NatPosition = z.output<typeof NatPosition>;

/** One rule in its list. */
export interface Found {
  readonly rule: ConfigSection;
  readonly index: number;
}

export function natRulesOf(config: ConfigTree, kind: NatKind): ConfigSection[] {
  return listAt(config, natPath(kind)).map(sectionOf);
}

/**
 * The rule with this id; of a port forward also the id that it shares with its filter rule.
 * @throws PfsenseError `bad_input` when several rules have it
 */
export function findNatRule(config: ConfigTree, kind: NatKind, id: string): Found | undefined {
  const prints = natPrints(config, kind);
  const [found, other] = natRulesOf(config, kind).flatMap((rule, index) => {
    const { match, whole } = prints[index] ?? { match: '', whole: '' };
    const isLink = id.startsWith('nat_') && textAt(rule, 'associated-rule-id') === id;
    return isLink || match === id || whole === id ? [{ rule, index }] : [];
  });
  if (found !== undefined && other !== undefined)
    throw refused(
      'id: several rules are for the same packets.',
      'Take the longer id that pf_nat_list shows for each; equal rules can only be told apart in the GUI.',
    );
  return found;
}

/** @throws PfsenseError `not_found` */
export function needNatRule(config: ConfigTree, kind: NatKind, id: string, argument = 'id'): Found {
  const found = findNatRule(config, kind, id);
  if (found === undefined)
    throw notThere(
      `${argument}: no NAT rule of this kind has the id ${id}.`,
      'Ids change when a rule gets other interfaces, addresses or ports to match: take them from pf_nat_list.',
    );
  return found;
}

/**
 * The rule to change. A change of what a rule matches gives it another id; when the rule is gone under the old one and
 * one is all that is asked for already, nothing is left to do to that one.
 * @throws PfsenseError `not_found`
 */
export function needNatRuleFor(
  config: ConfigTree,
  kind: NatKind,
  id: string,
  wanted: (rule: ConfigSection) => Fields,
): Found {
  const found = findNatRule(config, kind, id);
  if (found !== undefined) return found;
  const prints = natPrints(config, kind);
  const done = natRulesOf(config, kind).findIndex((rule, index) => {
    const fields = wanted(rule);
    const isNamed = [...natMatch(kind), 'associated-rule-id'].some((key) => key in fields);
    const isNear = prints[index]?.match === id.split('-')[0];
    return (isNamed || isNear) && withFields(rule, fields) === rule;
  });
  const rule = natRulesOf(config, kind)[done];
  return rule === undefined ? needNatRule(config, kind, id) : { rule, index: done };
}

/** Whether the list has a rule that differs in nothing but stamps. */
export function isThere(config: ConfigTree, kind: NatKind, rule: ConfigSection): boolean {
  return natRulesOf(config, kind).some((other) =>
    isAlike(other, rule, kind === 'outbound' ? {} : { ipprotocol: 'inet' }),
  );
}

/**
 * The list with a rule in the place of another.
 * @throws PfsenseError `bad_input` when it would become a second rule for the packets of another one
 */
export function withNatRule(config: ConfigTree, kind: NatKind, { rule, index }: Found): ConfigTree {
  const next = withTree(config, [...natPath(kind).split('/'), index], rule);
  const [before, after] = [natPrints(config, kind), natPrints(next, kind)];
  const own = after[index]?.match;
  if (own !== before[index]?.match && after.some(({ match }, place) => match === own && place !== index))
    throw refused('Another rule is for these packets already; only the first of both would count.');
  return next;
}

/** Puts a rule into its list; the separators of port forwards below it move down. */
export function insertNatRule(
  config: ConfigTree,
  kind: NatKind,
  rule: ConfigSection,
  position: NatPosition,
): ConfigTree {
  const rules = natRulesOf(config, kind);
  const index = indexFor(config, kind, position);
  const isShifting = kind === 'port_forward' && position !== 'bottom';
  const shifted = isShifting ? shiftedDown(config, FORWARD_SEPARATORS, index - 1) : config;
  return withTree(shifted, natPath(kind).split('/'), rules.toSpliced(index, 0, rule));
}

export function removeNatRule(config: ConfigTree, kind: NatKind, index: number): ConfigTree {
  const shifted = kind === 'port_forward' ? shiftedUp(config, FORWARD_SEPARATORS, index) : config;
  return withTree(shifted, natPath(kind).split('/'), natRulesOf(config, kind).toSpliced(index, 1));
}

/** The rule elsewhere in its list; the same configuration when it is there already. */
export function moveNatRule(config: ConfigTree, kind: NatKind, id: string, position: NatPosition): ConfigTree {
  const { rule, index } = needNatRule(config, kind, id);
  const target = indexFor(config, kind, position);
  // The place in front of a rule and the one behind it are both its own.
  if (target === index || target === index + 1) return config;
  const removed = removeNatRule(config, kind, index);
  const place = target > index ? target - 1 : target;
  const shifted =
    kind === 'port_forward' && position !== 'bottom' ? shiftedDown(removed, FORWARD_SEPARATORS, place - 1) : removed;
  return withTree(shifted, natPath(kind).split('/'), natRulesOf(removed, kind).toSpliced(place, 0, rule));
}

function indexFor(config: ConfigTree, kind: NatKind, position: NatPosition): number {
  if (position === 'top') return 0;
  if (position === 'bottom') return natRulesOf(config, kind).length;
  if ('before' in position) return needNatRule(config, kind, position.before, 'position.before').index;
  return needNatRule(config, kind, position.after, 'position.after').index + 1;
}
