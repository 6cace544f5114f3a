import { z } from 'zod';
import { textAt } from '../../../config/model.ts';
import { defineKind } from '../../kind.ts';
import { needRule, placesOf, rulesOf, tabOf } from './list.ts';
import { insertRule, Position, removeRule, Tracker } from './position.ts';

export default defineKind({
  id: 'firewall_rule.move',
  summary: 'Move a filter rule on its tab. Other rules and the separators keep their order.',
  tier: 'volatile',
  input: z.strictObject({ tracker: Tracker, position: Position }),
  example: { tracker: '1700000005', position: { before: '1700000004' } },
  apply(config, { tracker, position }) {
    const rules = rulesOf(config);
    const index = needRule(rules, tracker);
    const rule = rules[index] ?? {};
    if (typeof position === 'object' && Object.values(position).includes(tracker)) return config;
    const moved = insertRule(removeRule(config, index), rule, position);
    const orderOf = (tree: typeof config): string =>
      placesOf(rulesOf(tree), tabOf(rule))
        .map((place) => textAt(rulesOf(tree)[place] ?? {}, 'tracker'))
        .join();
    return orderOf(moved) === orderOf(config) ? config : moved;
  },
});
