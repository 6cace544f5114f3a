import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { flag, withFields } from '../fields.ts';
import { rulesOf, withRules } from '../firewall_rule/list.ts';
import { NatId, needNatRule, withNatRule } from '../nat/list.ts';
import { linkedIndex, linkOf } from './filter-rule.ts';

export default defineKind({
  id: 'nat_port_forward.toggle',
  summary: 'Enable or disable a port forward together with its filter rule.',
  tier: 'volatile',
  input: z.strictObject({ id: NatId, enabled: z.boolean().describe('What the forward is to be') }),
  example: { id: '3f0c2a9b41de', enabled: false },
  apply(config, { id, enabled }) {
    const { rule: old, index } = needNatRule(config, 'port_forward', id);
    const wanted = flag('disabled', !enabled);
    const rule = withFields(old, wanted);
    const toggled = rule === old ? config : withNatRule(config, 'port_forward', { rule, index });
    const linked = linkedIndex(config, linkOf(old));
    if (linked === undefined) return toggled;
    const rules = rulesOf(config);
    const follower = rules[linked] ?? {};
    const changed = withFields(follower, wanted);
    return changed === follower ? toggled : withRules(toggled, rules.with(linked, changed));
  },
});
