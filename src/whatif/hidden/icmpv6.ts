import { type AddressMatch, addressesIn } from '../addresses.ts';
import type { PfRule } from '../pf-rule.ts';
import { ALL_NODES, hidden, LINK_LOCAL } from './hidden-rule.ts';

/** What IPv6 cannot work without: unreachable, too big, and the neighbours of a link. */
export function icmpv6Rules(): PfRule[] {
  const rule = (given: Partial<PfRule>): PfRule =>
    hidden('ICMPv6 operation', { quick: true, family: 6, protocols: ['ipv6-icmp'], ...given });
  const out = (destination: AddressMatch): PfRule =>
    rule({ direction: 'out', source: LINK_LOCAL, destination, icmpTypes: [129, 133, 134, 135, 136] });
  const into = (source: AddressMatch, destination: AddressMatch): PfRule =>
    rule({ direction: 'in', source, destination, icmpTypes: [128, 133, 134, 135, 136] });
  return [
    rule({ icmpTypes: [1, 2, 135, 136] }),
    out(LINK_LOCAL),
    out(ALL_NODES),
    into(LINK_LOCAL, LINK_LOCAL),
    into(ALL_NODES, LINK_LOCAL),
    into(LINK_LOCAL, ALL_NODES),
    into(addressesIn('::'), ALL_NODES),
  ];
}
