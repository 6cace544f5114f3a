import { defineKind } from '../../kind.ts';
import { withFields } from '../fields.ts';
import { checkInterface } from '../nat/interfaces.ts';
import { NatId, needNatRuleFor, withNatRule } from '../nat/list.ts';
import { OneToOneChanges } from './arguments.ts';
import { checkOneToOne, oneToOneFieldsOf } from './fields.ts';

export default defineKind({
  id: 'nat_one_to_one.update',
  summary: 'Change parts of a 1:1 NAT rule; what is not given stays.',
  tier: 'volatile',
  input: OneToOneChanges.extend({ id: NatId }),
  example: { id: '3f0c2a9b41de', external: '198.51.100.21' },
  apply(config, { id, ...args }) {
    if (args.interface !== undefined) checkInterface(config, args.interface);
    const fields = oneToOneFieldsOf(config, args);
    const { rule: old, index } = needNatRuleFor(config, 'one_to_one', id, () => fields);
    const rule = withFields(old, fields);
    if (rule === old) return config;
    checkOneToOne(config, rule);
    return withNatRule(config, 'one_to_one', { rule, index });
  },
});
