import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { findNatRule, NatId, removeNatRule } from '../nat/list.ts';

export default defineKind({
  id: 'nat_outbound.delete',
  summary: 'Delete an outbound NAT rule.',
  tier: 'volatile',
  input: z.strictObject({ id: NatId }),
  example: { id: '3f0c2a9b41de' },
  apply(config, { id }) {
    const found = findNatRule(config, 'outbound', id);
    return found === undefined ? config : removeNatRule(config, 'outbound', found.index);
  },
});
