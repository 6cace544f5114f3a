import { z } from 'zod';
import { type ConfigTree, listAt, textAt } from '../../../config/model.ts';
import { withTree } from '../../../config/update.ts';
import { defineKind } from '../../kind.ts';
import { findRule, rulesOf } from './list.ts';
import { removeRule, Tracker } from './position.ts';

export default defineKind({
  id: 'firewall_rule.delete',
  summary: 'Delete a filter rule. A port forward that it belonged to stays, without a filter rule.',
  tier: 'volatile',
  input: z.strictObject({ tracker: Tracker }),
  example: { tracker: '1700000004' },
  apply(config, { tracker }) {
    const rules = rulesOf(config);
    const index = findRule(rules, tracker);
    if (index === undefined) return config;
    const association = textAt(rules[index] ?? {}, 'associated-rule-id') ?? '';
    return withoutAssociation(removeRule(config, index), association);
  },
});

function withoutAssociation(config: ConfigTree, association: string): ConfigTree {
  if (association === '') return config;
  return listAt(config, 'nat/rule').reduce(
    (tree: ConfigTree, forward, index) =>
      textAt(forward, 'associated-rule-id') === association
        ? withTree(tree, ['nat', 'rule', index, 'associated-rule-id'], '')
        : tree,
    config,
  );
}
