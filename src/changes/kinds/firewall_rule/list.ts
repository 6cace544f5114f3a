import { isDeepStrictEqual } from 'node:util';
import { type ConfigSection, type ConfigTree, listAt, textAt, treeAt } from '../../../config/model.ts';
import { sectionOf, withTree } from '../../../config/update.ts';
import { notThere, refused } from '../../kind.ts';
import { naturalOrder } from '../natural-order.ts';

const RULES = ['filter', 'rule'] as const;

export function rulesOf(config: ConfigTree): ConfigSection[] {
  return listAt(config, RULES.join('/')).map(sectionOf);
}

/** The tab of the GUI: `floating`, or the interface as the rule has it. */
export function tabOf(rule: ConfigTree): string {
  return treeAt(rule, 'floating') === undefined ? (textAt(rule, 'interface') ?? '') : 'floating';
}

/** Indexes of the rules on a tab. pfSense compares in lower case wherever it counts separators. */
export function placesOf(rules: readonly ConfigTree[], tab: string): number[] {
  return rules.flatMap((rule, index) => (tabOf(rule).toLowerCase() === tab.toLowerCase() ? [index] : []));
}

/** The configuration with these rules in pfSense's order; the same one when nothing differs. */
export function withRules(config: ConfigTree, rules: readonly ConfigSection[]): ConfigTree {
  const sorted = inOrder(rules);
  return isDeepStrictEqual(sorted, listAt(config, RULES.join('/'))) ? config : withTree(config, RULES, sorted);
}

/** Floating rules, then those of WAN, LAN and the others by name; each tab keeps its own order. */
export function inOrder(rules: readonly ConfigSection[]): ConfigSection[] {
  return [...rules].sort((a, b) => tabOrder(tabOf(a), tabOf(b)));
}

function tabOrder(left: string, right: string): number {
  if (left === right) return 0;
  for (const first of ['floating', 'wan', 'lan']) {
    if (left === first) return -1;
    if (right === first) return 1;
  }
  return naturalOrder(left, right);
}

/**
 * Where the rule with this tracker is; undefined when there is none.
 * @throws PfsenseError `bad_input` when several rules have it
 */
export function findRule(rules: readonly ConfigTree[], tracker: string): number | undefined {
  const [found, other] = rules.flatMap((rule, index) => (textAt(rule, 'tracker') === tracker ? [index] : []));
  if (other !== undefined)
    throw refused(
      `tracker: several rules have ${tracker}, so it does not say which one is meant.`,
      'Save one of them in the GUI as a copy and delete the original; the copy has a tracker of its own.',
    );
  return found;
}

/** @throws PfsenseError `not_found`, `bad_input` */
export function needRule(rules: readonly ConfigTree[], tracker: string, argument = 'tracker'): number {
  const index = findRule(rules, tracker);
  if (index === undefined)
    throw notThere(`${argument}: no rule has the tracker ${tracker}.`, 'pf_rule_search lists rules with trackers.');
  return index;
}
