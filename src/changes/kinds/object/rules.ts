import { isDeepStrictEqual } from 'node:util';
import { type ConfigSection, type ConfigTree, entriesAt, textAt } from '../../../config/model.ts';
import { withTree } from '../../../config/update.ts';
import { findRule, placesOf, rulesOf, tabOf, withRules } from '../firewall_rule/list.ts';
import { insertRule, removeRule } from '../firewall_rule/position.ts';
import { separatorPath } from '../separators.ts';
import { spotOf } from './order.ts';

/** A filter rule as a revision has it, in its place among the rules of that time; `index` is where another one is now. */
export function withPastRule(
  config: ConfigTree,
  past: ConfigTree,
  rule: ConfigSection,
  index: number | undefined,
): ConfigTree {
  const tab = tabOf(rule);
  const tracker = trackerOf(rule);
  const now = rulesOf(config);
  const present = index === undefined ? undefined : now[index];
  const isHere = present !== undefined && tabOf(present) === tab;
  const keys = trackersOn(config, tab).map((one) => (isHere && one === trackerOf(present) ? tracker : one));
  const spot = spotOf(trackersOn(past, tab), keys, tracker);
  if (isHere && index !== undefined && spot === 'stay')
    return isDeepStrictEqual(present, rule) ? config : withRules(config, now.with(index, rule));
  const without = index === undefined ? config : removeRule(config, index);
  const position = spot === 'stay' || spot === 'end' ? 'bottom' : spot;
  return withPastSeparators(insertRule(without, rule, position), past, tab);
}

function trackersOn(config: ConfigTree, tab: string): string[] {
  const rules = rulesOf(config);
  return placesOf(rules, tab).map((index) => trackerOf(rules[index] ?? {}));
}

function trackerOf(rule: ConfigTree): string {
  return textAt(rule, 'tracker') ?? '';
}

/** Once a tab has the rules of that time again, its headings stand where they stood. */
function withPastSeparators(config: ConfigTree, past: ConfigTree, tab: string): ConfigTree {
  if (!isDeepStrictEqual(trackersOn(config, tab), trackersOn(past, tab))) return config;
  const path = separatorPath(tab);
  const then = new Map(entriesAt(past, path.join('/')));
  return entriesAt(config, path.join('/')).reduce((tree, [name, separator]) => {
    const old = then.get(name);
    const isSame = old !== undefined && textAt(old, 'text') === textAt(separator, 'text');
    return isSame ? withTree(tree, [...path, name], old) : tree;
  }, config);
}

/** Where the rule with a tracker is. @throws PfsenseError `bad_input` when several have it */
export function ruleIndex(config: ConfigTree, rule: ConfigTree): number | undefined {
  return findRule(rulesOf(config), trackerOf(rule));
}
