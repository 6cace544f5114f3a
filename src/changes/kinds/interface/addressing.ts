import { z } from 'zod';
import { networkOf } from '../../../config/address-block.ts';
import type { ConfigSection } from '../../../config/model.ts';
import { refused } from '../../kind.ts';
import { type Family, familyOf } from '../endpoint.ts';
import type { Fields } from '../fields.ts';
import { plainText } from '../text.ts';

const Static = z.strictObject({
  type: z.literal('static'),
  address: plainText(64).trim().min(2).describe('With the length of its network, such as 192.168.1.1/24'),
  gateway: plainText(40).min(1).nullable().optional().describe('Name of its gateway, for an interface to the Internet'),
});
const None = z.strictObject({ type: z.literal('none') });
const Dhcp = z.strictObject({
  type: z.literal('dhcp'),
  hostname: plainText(63).optional().describe('Name that it tells the DHCP server'),
});

export const Ipv4 = z.discriminatedUnion('type', [Static, Dhcp, None]);
export const Ipv6 = z.discriminatedUnion('type', [
  Static,
  z.strictObject({ type: z.literal('dhcp6') }),
  z.strictObject({ type: z.literal('slaac') }),
  None,
]);

/** Keys that belong to one way of getting an address, and go with it. */
const WAYS: Readonly<Record<Family, RegExp>> = {
  inet: /^(?:subnet|gateway|dhcphostname|dhcprejectfrom|dhcpvlanenable|dhcpcvpt|adv_dhcp_.*|alias-(?:address|subnet))$/,
  inet6:
    /^(?:subnetv6|gatewayv6|dhcp6.*|slaacusev4iface|ipv6usev4iface|track6-.*|prefix-6rd.*|gateway-6rd|adv_dhcp6_.*)$/,
};

/**
 * The keys of an interface for a way of getting an address.
 * @throws PfsenseError `bad_input`
 */
export function addressingFields(
  old: ConfigSection,
  wanted: z.output<typeof Ipv4> | z.output<typeof Ipv6> | undefined,
  family: Family,
): Fields {
  if (wanted === undefined) return {};
  const key = family === 'inet' ? 'ipaddr' : 'ipaddrv6';
  const way = String(old[key] ?? '');
  const oldType = familyOf(way) === family ? 'static' : way || 'none';
  if (['ppp', 'pppoe', 'pptp', 'l2tp'].includes(oldType))
    throw refused(`ipv4: the interface is a link of type ${oldType}, which can only be changed in the GUI.`);
  const gone = oldType === wanted.type ? [] : Object.keys(old).filter((name) => WAYS[family].test(name));
  return { ...Object.fromEntries(gone.map((name) => [name, undefined])), ...wayFields(wanted, family, oldType) };
}

function wayFields(wanted: z.output<typeof Ipv4> | z.output<typeof Ipv6>, family: Family, oldType: string): Fields {
  const [address, length, gateway] =
    family === 'inet' ? ['ipaddr', 'subnet', 'gateway'] : ['ipaddrv6', 'subnetv6', 'gatewayv6'];
  switch (wanted.type) {
    case 'static': {
      const found = networkOf(wanted.address);
      if (found === undefined || familyOf(wanted.address) !== family || !wanted.address.includes('/'))
        throw refused(`${argumentOf(family)}.address: no address of this family with the length of its network.`);
      const way = wanted.gateway === undefined ? {} : { [gateway]: wanted.gateway ?? undefined };
      return { [address]: found.network, [length]: String(found.length), ...way };
    }
    case 'dhcp': {
      const name = wanted.hostname === undefined ? {} : { dhcphostname: wanted.hostname };
      const fresh = { dhcphostname: '', 'alias-address': '', 'alias-subnet': '32', dhcprejectfrom: '' };
      return { ...(oldType === 'dhcp' ? {} : fresh), ...name, [address]: 'dhcp' };
    }
    case 'dhcp6':
      return { ...(oldType === 'dhcp6' ? {} : { 'dhcp6-duid': '', 'dhcp6-ia-pd-len': 'none' }), [address]: 'dhcp6' };
    case 'slaac':
      return { [address]: 'slaac' };
    case 'none':
      return { [address]: undefined };
  }
}

function argumentOf(family: Family): string {
  return family === 'inet' ? 'ipv4' : 'ipv6';
}
