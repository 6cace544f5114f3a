import { defineKind } from '../../kind.ts';
import { withFields } from '../fields.ts';
import { checkInterface } from '../nat/interfaces.ts';
import { NatId, needNatRuleFor, withNatRule } from '../nat/list.ts';
import { NptChanges } from './arguments.ts';
import { checkNpt, nptFieldsOf } from './fields.ts';

export default defineKind({
  id: 'nat_npt.update',
  summary: 'Change parts of an NPt rule; what is not given stays.',
  tier: 'volatile',
  input: NptChanges.extend({ id: NatId }),
  example: { id: '3f0c2a9b41de', destination: '2001:db8:2::/64' },
  apply(config, { id, ...args }) {
    if (args.interface !== undefined) checkInterface(config, args.interface);
    const fields = nptFieldsOf(args);
    const { rule: old, index } = needNatRuleFor(config, 'npt', id, () => fields);
    const rule = withFields(old, fields);
    if (rule === old) return config;
    checkNpt(config, rule);
    return withNatRule(config, 'npt', { rule, index });
  },
});
