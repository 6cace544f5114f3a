import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { flag, withFields } from '../fields.ts';
import { needRule, rulesOf, withRules } from './list.ts';
import { Tracker } from './position.ts';

export default defineKind({
  id: 'firewall_rule.toggle',
  summary: 'Enable or disable a filter rule.',
  tier: 'volatile',
  input: z.strictObject({ tracker: Tracker, enabled: z.boolean().describe('What the rule is to be') }),
  example: { tracker: '1700000004', enabled: false },
  apply(config, { tracker, enabled }) {
    const rules = rulesOf(config);
    const index = needRule(rules, tracker);
    const old = rules[index] ?? {};
    const rule = withFields(old, flag('disabled', !enabled));
    return rule === old ? config : withRules(config, rules.with(index, rule));
  },
});
