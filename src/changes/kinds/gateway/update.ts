import { defineKind } from '../../kind.ts';
import { GatewayChanges, GatewayName } from './arguments.ts';
import { gatewayFieldsOf } from './fields.ts';
import { changedGateway } from './store.ts';

export default defineKind({
  id: 'gateway.update',
  summary: 'Change parts of a gateway, those that pfSense makes by itself included; what is not given stays.',
  tier: 'durable',
  input: GatewayChanges.extend({ name: GatewayName }),
  example: { name: 'WAN_DHCP', monitor: '9.9.9.9' },
  apply: (config, { name, ...args }) => changedGateway(config, name, gatewayFieldsOf(args)),
});
