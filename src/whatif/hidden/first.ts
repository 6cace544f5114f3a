import { textAt, treeAt } from '../../config/model.ts';
import { addressesIn, addressesInTable } from '../addresses.ts';
import type { Context } from '../context.ts';
import type { PfRule } from '../pf-rule.ts';
import { guiPort, sshPort } from './anti-lockout.ts';
import { hidden, port } from './hidden-rule.ts';
import { icmpv6Rules } from './icmpv6.ts';

/** What stands before the rules of single interfaces, in the order of pfSense. */
export function firstRules(context: Context): PfRule[] {
  const { config, own } = context;
  const hasIpv6 = treeAt(config, 'system/ipv6allow') !== undefined;
  return [
    ...(hasIpv6 ? [] : noIpv6()),
    ...(context.release === '2.9' ? nat64Reserved(context) : []),
    ...(treeAt(config, 'system/no_apipa_block') === undefined ? linkLocal() : []),
    hidden('Default deny rule IPv4', { action: 'block', family: 4 }),
    hidden('Default deny rule IPv6', { action: 'block', family: 6 }),
    ...(hasIpv6 ? icmpv6Rules() : []),
    ...portZero(hasIpv6),
    hidden('Block snort2c hosts', { action: 'block', quick: true, source: addressesInTable('snort2c') }),
    hidden('Block snort2c hosts', { action: 'block', quick: true, destination: addressesInTable('snort2c') }),
    ...carp(context),
    ...[
      { name: 'sshguard', ports: sshPort(config) },
      { name: 'GUI Lockout', ports: guiPort(config) },
    ].map(({ name, ports }) =>
      hidden(name, {
        ...{ action: 'block', direction: 'in', quick: true, protocols: ['tcp'] },
        ...{ source: addressesInTable('sshguard'), destination: own.all, destinationPorts: port(ports) },
      }),
    ),
    hidden('virusprot overload table', {
      ...{ action: 'block', direction: 'in', quick: true, source: addressesInTable('virusprot') },
    }),
    ...(context.release === '2.7' ? [] : [dhcpRouting()]),
  ];
}

function noIpv6(): PfRule[] {
  return [
    hidden('pass IPv6 loopback', { quick: true, family: 6, on: ['lo0'] }),
    hidden('Block all IPv6', { action: 'block', quick: true, family: 6 }),
  ];
}

function linkLocal(): PfRule[] {
  const block = { action: 'block', direction: 'in', quick: true } as const;
  return [
    hidden('Block IPv4 link-local', { ...block, source: addressesIn('169.254.0.0/16') }),
    hidden('Block IPv4 link-local', { ...block, destination: addressesIn('169.254.0.0/16') }),
  ];
}

function portZero(hasIpv6: boolean): PfRule[] {
  const families = hasIpv6 ? ([4, 6] as const) : ([4] as const);
  const block = { action: 'block', quick: true, protocols: ['tcp', 'udp'] } as const;
  return families.flatMap((family) => [
    hidden('Block traffic from port 0', { ...block, family, sourcePorts: port(0) }),
    hidden('Block traffic to port 0', { ...block, family, destinationPorts: port(0) }),
  ]);
}

function carp({ config, own }: Context): PfRule[] {
  const vips = treeAt(config, 'virtualip/vip');
  if (!Array.isArray(vips) || !vips.some((vip) => textAt(vip, 'mode') === 'carp')) return [];
  return [
    hidden('CARP', { action: 'block', direction: 'in', quick: true, protocols: ['carp'], source: own.all }),
    hidden('CARP', { quick: true, protocols: ['carp'] }),
  ];
}

function dhcpRouting(): PfRule {
  return hidden('Prevent routing dhcp responses', {
    ...{ action: 'block', direction: 'out', quick: true, protocols: ['udp'] },
    ...{ sourcePorts: port(67), destinationPorts: port(68), tagged: { tag: 'dhcpin', not: false } },
  });
}

const RESERVED =
  '0/104 a00:0/104 6440:0/106 7f00:0/104 a9fe:0/112 ac10:0/108 c000:0/120 c000:200/120 c058:6300/120 c0a8:0/112 ' +
  'c612:0/111 c633:6400/120 cb00:7100/120 e000:0/100 f000:0/100 ffff:ffff/128';

/** IPv4 networks that nobody routes, within the well-known prefix of NAT64. */
function nat64Reserved({ config }: Context): PfRule[] {
  if (treeAt(config, 'system/allow_nat64_prefix_override') !== undefined) return [];
  const destination = addressesIn(...RESERVED.split(' ').map((suffix) => `64:ff9b::${suffix}`));
  return [hidden('Block NAT64 for non-global IPv4', { action: 'block', quick: true, family: 6, destination })];
}
