import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { flag } from '../fields.ts';
import { GatewayName } from './arguments.ts';
import { changedGateway } from './store.ts';

export default defineKind({
  id: 'gateway.toggle',
  summary: 'Enable or disable a gateway.',
  tier: 'durable',
  input: z.strictObject({ name: GatewayName, enabled: z.boolean() }),
  example: { name: 'WAN2GW', enabled: false },
  apply: (config, { name, enabled }) => changedGateway(config, name, flag('disabled', !enabled)),
});
