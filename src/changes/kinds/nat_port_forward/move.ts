import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { moveNatRule, NatId, NatPosition } from '../nat/list.ts';

export default defineKind({
  id: 'nat_port_forward.move',
  summary: 'Move a port forward; the first that matches wins. Other forwards and the separators keep their order.',
  tier: 'volatile',
  input: z.strictObject({ id: NatId, position: NatPosition }),
  example: { id: '3f0c2a9b41de', position: 'top' },
  apply: (config, { id, position }) => moveNatRule(config, 'port_forward', id, position),
});
