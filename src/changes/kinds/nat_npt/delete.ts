import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { findNatRule, NatId, removeNatRule } from '../nat/list.ts';

export default defineKind({
  id: 'nat_npt.delete',
  summary: 'Delete an NPt rule.',
  tier: 'volatile',
  input: z.strictObject({ id: NatId }),
  example: { id: '3f0c2a9b41de' },
  apply(config, { id }) {
    const found = findNatRule(config, 'npt', id);
    return found === undefined ? config : removeNatRule(config, 'npt', found.index);
  },
});
