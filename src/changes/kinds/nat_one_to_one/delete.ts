import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { findNatRule, NatId, removeNatRule } from '../nat/list.ts';

export default defineKind({
  id: 'nat_one_to_one.delete',
  summary: 'Delete a 1:1 NAT rule.',
  tier: 'volatile',
  input: z.strictObject({ id: NatId }),
  example: { id: '3f0c2a9b41de' },
  apply(config, { id }) {
    const found = findNatRule(config, 'one_to_one', id);
    return found === undefined ? config : removeNatRule(config, 'one_to_one', found.index);
  },
});
