import { treeAt } from '../../../config/model.ts';
import { defineKind, refused } from '../../kind.ts';
import { withFields } from '../fields.ts';
import { checkInterface } from '../nat/interfaces.ts';
import { NatId, needNatRuleFor, withNatRule } from '../nat/list.ts';
import { stampOf } from '../stamp.ts';
import { OutboundChanges } from './arguments.ts';
import { checkOutbound } from './check.ts';
import { outboundFieldsOf, outboundOf } from './fields.ts';

export default defineKind({
  id: 'nat_outbound.update',
  summary: 'Change parts of an outbound NAT rule; what is not given stays.',
  tier: 'volatile',
  input: OutboundChanges.extend({ id: NatId }),
  example: { id: '3f0c2a9b41de', staticPort: true },
  apply(config, { id, ...args }, occasion) {
    if (args.interface !== undefined) checkInterface(config, args.interface);
    const fields = outboundFieldsOf(config, args);
    const { rule: old, index } = needNatRuleFor(config, 'outbound', id, () => fields);
    const changed = withFields(old, fields);
    const isExempt = treeAt(changed, 'nonat') !== undefined;
    if (isExempt && (args.target !== undefined || args.targetPort || args.staticPort))
      throw refused('target, targetPort, staticPort: packets that are exempt (noTranslation) keep their source.');
    if (changed === old) return config;
    checkOutbound(config, changed);
    return withNatRule(config, 'outbound', { rule: outboundOf({ ...changed, updated: stampOf(occasion) }), index });
  },
});
