import { z } from 'zod';
import type { ConfigTree } from '../../../config/model.ts';
import { defineKind, refused } from '../../kind.ts';
import { familyOf } from '../endpoint.ts';
import { flag, given, optionalText, withFields } from '../fields.ts';
import { addressingFields, Ipv4, Ipv6 } from './addressing.ts';
import { checkAddressing } from './check.ts';
import { checkBogons, checkMtu } from './limits.ts';
import { checkGatewayNames, checkInterfaceName, InterfaceName } from './name.ts';
import { InterfaceKey, needInterface, withInterface } from './store.ts';

export default defineKind({
  id: 'interface.update',
  summary: 'Change the name, addresses, MTU, MSS or blocking of an interface; what is not given stays.',
  tier: 'durable',
  input: z.strictObject({
    interface: InterfaceKey,
    description: InterfaceName.optional(),
    ipv4: Ipv4.optional(),
    ipv6: Ipv6.optional(),
    mtu: z.int().min(576).max(9000).nullable().optional().describe('null: the default'),
    mss: z.int().min(576).max(65_535).nullable().optional().describe('null: none'),
    blockPrivate: z.boolean().optional().describe('Block private networks from outside'),
    blockBogons: z.boolean().optional(),
  }),
  example: { interface: 'opt1', ipv4: { type: 'static', address: '192.168.20.1/24' }, mtu: 1500 },
  apply(config, { interface: key, description, ipv4, ipv6, mtu, mss, blockPrivate, blockBogons }) {
    const old = needInterface(config, key);
    const entry = withFields(old, {
      ...given('descr', description),
      ...addressingFields(old, ipv4, 'inet'),
      ...addressingFields(old, ipv6, 'inet6'),
      ...(mtu === undefined ? {} : optionalText('mtu', mtu === null ? '' : String(mtu))),
      ...(mss === undefined ? {} : optionalText('mss', mss === null ? '' : String(mss))),
      ...flag('blockpriv', blockPrivate),
      ...flag('blockbogons', blockBogons),
    });
    if (entry === old) return config;
    if (entry['wireless'] !== undefined)
      throw refused('interface: wireless interfaces can only be changed in the GUI.');
    if (description !== undefined && description !== old['descr']) {
      checkInterfaceName(config, key, description);
      checkGatewayNames(config, key);
    }
    const isOtherWay = ['ipaddr', 'ipaddrv6'].some((way) => isDynamic(old[way]) && old[way] !== entry[way]);
    if (isOtherWay) checkGatewayNames(config, key);
    if (ipv4 !== undefined) checkAddressing(config, key, entry, 'inet');
    if (ipv6 !== undefined) checkAddressing(config, key, entry, 'inet6');
    if (mtu !== undefined) checkMtu(config, key, entry);
    if (blockBogons && old['blockbogons'] === undefined) checkBogons(config);
    return withInterface(config, key, entry);
  },
});

/** Whether an address comes from outside, so that pfSense makes a gateway by itself. */
function isDynamic(way: ConfigTree | undefined): boolean {
  return typeof way === 'string' && way !== '' && familyOf(way) === undefined;
}
