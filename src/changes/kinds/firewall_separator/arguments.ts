import { z } from 'zod';
import { type ConfigTree, entriesAt, textAt } from '../../../config/model.ts';
import { refused } from '../../kind.ts';
import { needRule, placesOf, rulesOf } from '../firewall_rule/list.ts';
import { Tracker } from '../firewall_rule/position.ts';
import { ruleInterfaces } from '../interfaces.ts';
import { rowOf, separatorPath } from '../separators.ts';
import { freeText, plainText } from '../text.ts';

export const separatorFields = {
  tab: plainText(32).describe("Key of the interface or group, or 'floating'"),
  text: freeText(200).trim().min(1),
};

export const Above = z
  .union([z.literal('end'), Tracker])
  .describe("Tracker of the rule it stands above; 'end' behind the last");

/**
 * Number of rules above a separator that heads this one.
 * @throws PfsenseError `bad_input`, `not_found`
 */
export function rowAbove(config: ConfigTree, tab: string, above: z.output<typeof Above>): number {
  const rules = rulesOf(config);
  const places = placesOf(rules, tab);
  if (above === 'end') return places.length;
  const place = places.indexOf(needRule(rules, above, 'above'));
  if (place < 0) throw refused(`above: the rule ${above} is on another tab.`);
  return place;
}

/** @throws PfsenseError `bad_input` */
export function checkTab(config: ConfigTree, tab: string): void {
  const isTab = tab === 'floating' || ruleInterfaces(config).includes(tab) || placesOf(rulesOf(config), tab).length > 0;
  if (!isTab) throw refused(`tab: there is no tab ${tab}.`, "Tabs are keys such as lan or opt1, and 'floating'.");
}

export interface Separator {
  readonly name: string;
  readonly row: number;
  readonly text: string;
}

export function separatorsOf(config: ConfigTree, tab: string): Separator[] {
  return entriesAt(config, separatorPath(tab).join('/'))
    .filter(([, separator]) => typeof separator !== 'string')
    .map(([name, separator]) => ({ name, row: rowOf(separator), text: textAt(separator, 'text') ?? '' }));
}
