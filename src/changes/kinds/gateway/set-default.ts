import { z } from 'zod';
import { type ConfigTree, textAt } from '../../../config/model.ts';
import { withTree } from '../../../config/update.ts';
import { own } from '../../../core/own.ts';
import { defineKind, notThere, refused } from '../../kind.ts';
import type { Family } from '../endpoint.ts';
import { gatewayFamily } from '../gateways.ts';
import { plainText } from '../text.ts';
import { gatewayNamed, isInUse } from './known.ts';

const WORDS: Readonly<Record<string, string>> = { automatic: '', none: '-' };

export default defineKind({
  id: 'gateway.set_default',
  summary: 'Choose the gateway or gateway group that the default route goes by.',
  tier: 'durable',
  input: z.strictObject({
    family: z.enum(['inet', 'inet6']).default('inet'),
    gateway: plainText(40).min(1).describe("Name of a gateway or group; 'automatic': the first that is up; 'none'"),
  }),
  example: { family: 'inet', gateway: 'WAN2GW' },
  apply(config, { family, gateway }) {
    const field = family === 'inet' ? 'defaultgw4' : 'defaultgw6';
    const word = own(WORDS, gateway);
    const value = word ?? gateway;
    if ((textAt(config, `gateways/${field}`) ?? '') === value) return config;
    if (word === undefined) checkDefault(config, family, gateway);
    return withTree(config, ['gateways', field], value);
  },
});

function checkDefault(config: ConfigTree, family: Family, name: string): void {
  const found = gatewayFamily(config, name);
  if (found === undefined)
    throw notThere(`gateway: there is no gateway or gateway group ${name}.`, 'pf_gateway_status lists them.');
  if (found !== family) throw refused(`gateway: ${name} is of the other address family.`);
  const single = gatewayNamed(config, name);
  // pfSense would take the default route away for one that it cannot use.
  if (single !== undefined && (single.isDisabled || !isInUse(config, single)))
    throw refused(`gateway: ${name} or its interface is disabled.`);
}
