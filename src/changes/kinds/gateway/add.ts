import { z } from 'zod';
import { textAt } from '../../../config/model.ts';
import { defineKind, refused } from '../../kind.ts';
import { familyOf } from '../endpoint.ts';
import { isAlike } from '../fields.ts';
import { problemOfName } from '../object-name.ts';
import { plainText } from '../text.ts';
import { gatewayFields } from './arguments.ts';
import { checkGateway } from './check.ts';
import { gatewayFieldsOf, gatewayOf } from './fields.ts';
import { gatewaysOf } from './known.ts';
import { withGateways } from './store.ts';

export default defineKind({
  id: 'gateway.add',
  summary: 'Add a gateway, which is then measured, and which routes, rules and groups can name.',
  tier: 'durable',
  input: z
    .strictObject(gatewayFields)
    .partial()
    .extend({
      name: plainText(31).min(1).describe('Letters, digits and underscores'),
      interface: gatewayFields.interface,
      address: gatewayFields.address,
      family: z.enum(['inet', 'inet6']).optional().describe("Needed with address 'dynamic'"),
      description: gatewayFields.description.default(''),
      weight: gatewayFields.weight.default(1),
      killStates: gatewayFields.killStates.default('default'),
    }),
  example: { name: 'WAN2GW', interface: 'opt3', address: '203.0.113.9', monitor: '9.9.9.10', description: 'Cable' },
  apply(config, { name, family: asked, ...args }) {
    const problem = problemOfName(name);
    if (problem !== undefined) throw refused(`name: no gateway can have this name; ${problem}.`);
    const fields = gatewayFieldsOf(args);
    const family = asked ?? familyOf(args.address);
    if (family === undefined) throw refused('family: it is needed where the address does not say it.');
    const gateway = gatewayOf({ ...fields, name, ipprotocol: family });
    const old = gatewaysOf(config).find((other) => textAt(other, 'name') === name);
    if (old !== undefined && isAlike(old, gateway)) return config;
    if (old !== undefined)
      throw refused(`name: there is another gateway ${name} already.`, 'Change it with gateway.update.');
    checkGateway(config, gateway);
    return withGateways(config, [...gatewaysOf(config), gateway]);
  },
});
