import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { findNatRule, NatId, removeNatRule } from '../nat/list.ts';
import { linkOf, removeLinkedRule } from './filter-rule.ts';

export default defineKind({
  id: 'nat_port_forward.delete',
  summary: 'Delete a port forward together with its filter rule.',
  tier: 'volatile',
  input: z.strictObject({ id: NatId }),
  example: { id: '3f0c2a9b41de' },
  apply(config, { id }) {
    const found = findNatRule(config, 'port_forward', id);
    if (found === undefined) return config;
    return removeNatRule(removeLinkedRule(config, linkOf(found.rule)), 'port_forward', found.index);
  },
});
