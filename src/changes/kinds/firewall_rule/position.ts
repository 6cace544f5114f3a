import { z } from 'zod';
import type { ConfigSection, ConfigTree } from '../../../config/model.ts';
import { refused } from '../../kind.ts';
import { separatorPath, shiftedDown, shiftedUp } from '../separators.ts';
import { inOrder, needRule, placesOf, rulesOf, tabOf, withRules } from './list.ts';

export const Tracker = z
  .union([z.string().regex(/^\d{1,12}$/, 'must be a number'), z.int().min(0).transform(String)])
  .describe('Tracker of a rule, from pf_rule_search');

/** A place on a tab of the GUI. */
export const Position = z
  .union([z.enum(['top', 'bottom']), z.strictObject({ before: Tracker }), z.strictObject({ after: Tracker })])
  .describe("'top', 'bottom', {before: tracker} or {after: tracker} on the same tab");
export type Position = z.output<typeof Position>;

/** Puts a rule onto its tab and moves the separators below it, as pfSense does. */
export function insertRule(config: ConfigTree, rule: ConfigSection, position: Position): ConfigTree {
  const rules = inOrder(rulesOf(config));
  const tab = tabOf(rule);
  const places = placesOf(rules, tab);
  const above = ruleAbove(rules, places, position);
  const index = above === undefined ? (places[0] ?? rules.length) : (places[above] ?? -1) + 1;
  // Behind the last rule pfSense leaves all separators where they are.
  const isAppended = position === 'bottom' || places.length === 0;
  const shifted = isAppended ? config : shiftedDown(config, separatorPath(tab), above ?? -1);
  return withRules(shifted, rules.toSpliced(index, 0, rule));
}

/** Takes a rule off its tab and moves up the separators below it. */
export function removeRule(config: ConfigTree, index: number): ConfigTree {
  const rules = rulesOf(config);
  const tab = tabOf(rules[index] ?? {});
  const place = placesOf(rules, tab).indexOf(index);
  return withRules(shiftedUp(config, separatorPath(tab), place), rules.toSpliced(index, 1));
}

/** Place on the tab, from 0, of the rule that the new one comes behind; undefined at the top. */
function ruleAbove(rules: readonly ConfigSection[], places: readonly number[], position: Position): number | undefined {
  if (position === 'top' || places.length === 0) return undefined;
  if (position === 'bottom') return places.length - 1;
  const isBefore = 'before' in position;
  const [argument, tracker] = isBefore ? ['position.before', position.before] : ['position.after', position.after];
  const place = places.indexOf(needRule(rules, tracker, argument));
  if (place < 0) throw refused(`${argument}: the rule ${tracker} is on another tab.`);
  if (!isBefore) return place;
  return place === 0 ? undefined : place - 1;
}
