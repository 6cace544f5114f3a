import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { GatewayName } from './arguments.ts';
import { checkUnused } from './check.ts';
import { gatewayNamed } from './known.ts';
import { withoutGateway } from './store.ts';

export default defineKind({
  id: 'gateway.delete',
  summary: 'Delete a gateway that nothing uses.',
  tier: 'durable',
  input: z.strictObject({ name: GatewayName }),
  example: { name: 'WAN2GW' },
  apply(config, { name }) {
    const known = gatewayNamed(config, name);
    // One that pfSense makes by itself is not in the list, or would be there again at once.
    if (known?.entry === undefined) return config;
    checkUnused(config, name, 'deleted');
    return withoutGateway(config, known);
  },
});
