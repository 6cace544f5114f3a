import { type ConfigTree, textAt, treeAt } from '../../config/model.ts';
import { type AddressMatch, addressesIn, part } from '../addresses.ts';
import type { Context } from '../context.ts';
import type { Interface, Primary } from '../network.ts';
import type { PfRule } from '../pf-rule.ts';
import { ALL_NODES, hidden, LINK_LOCAL, port } from './hidden-rule.ts';

/** What lets the firewall get an address of its own. */
export function dhcpClient({ device, name, type, type6 }: Interface, { config }: Context): PfRule[] {
  const rule = (label: string, given: Partial<PfRule>): PfRule =>
    hidden(`${label} ${name}`, { quick: true, on: [device], protocols: ['udp'], ...given });
  const four = [
    rule('allow dhcp replies in', {
      ...{ direction: 'in', sourcePorts: port(67), destinationPorts: port(68), tag: 'dhcpin' },
    }),
    rule('allow dhcp client out', { direction: 'out', sourcePorts: port(68), destinationPorts: port(67) }),
  ];
  const six = [
    rule('allow dhcpv6 client in', {
      ...{ direction: 'in', source: LINK_LOCAL, destination: LINK_LOCAL },
      ...{ sourcePorts: port(546), destinationPorts: port(546) },
    }),
    rule('allow dhcpv6 client in', { direction: 'in', sourcePorts: port(547), destinationPorts: port(546) }),
    rule('allow dhcpv6 client out', { direction: 'out', sourcePorts: port(546), destinationPorts: port(547) }),
  ];
  const hasSix = treeAt(config, 'system/ipv6allow') !== undefined && (type6 === 'slaac' || type6 === 'dhcp6');
  return [...(type === 'dhcp' ? four : []), ...(hasSix ? six : [])];
}

/** What lets others get theirs from the firewall. */
export function dhcpServer(one: Interface, { config }: Context): PfRule[] {
  return [...serverFour(one, config), ...serverSix(one, config)];
}

function serverFour({ key, device, type, four }: Interface, config: ConfigTree): PfRule[] {
  if (['pptp', 'pppoe', 'none'].includes(type)) return [];
  const rule = (given: Partial<PfRule>): PfRule =>
    hidden('allow access to DHCP server', { quick: true, on: [device], protocols: ['udp'], ...given });
  const asked = { direction: 'in', sourcePorts: port(68), destinationPorts: port(67) } as const;
  const own = addressOf(four, key);
  const isServer = treeAt(config, `dhcpd/${key}/enable`) !== undefined;
  const isRelay =
    treeAt(config, 'dhcrelay/enable') !== undefined &&
    (textAt(config, 'dhcrelay/interface') ?? '').split(',').includes(key);
  const peer = textAt(config, `dhcpd/${key}/failover_peerip`) ?? '';
  return [
    ...(isServer || isRelay ? [rule({ ...asked, destination: addressesIn('255.255.255.255') })] : []),
    ...(isServer && own !== undefined
      ? [
          rule({ ...asked, destination: own }),
          rule({ direction: 'out', source: own, sourcePorts: port(67), destinationPorts: port(68) }),
          ...(peer === ''
            ? []
            : [
                rule({
                  direction: 'in',
                  protocols: ['tcp', 'udp'],
                  source: addressesIn(peer),
                  destination: own,
                  destinationPorts: port(519, 520),
                }),
              ]),
        ]
      : []),
  ];
}

function serverSix({ key, device, type6, six }: Interface, config: ConfigTree): PfRule[] {
  if (type6 === '6rd' || type6 === '6to4') return [];
  const isRelay =
    treeAt(config, 'dhcrelay6/enable') !== undefined &&
    (textAt(config, 'dhcrelay6/interface') ?? '').split(',').includes(key);
  if (treeAt(config, `dhcpdv6/${key}/enable`) === undefined && !isRelay) return [];
  const rule = (given: Partial<PfRule>): PfRule =>
    hidden('allow access to DHCPv6 server', { quick: true, on: [device], family: 6, protocols: ['udp'], ...given });
  const pairs: [AddressMatch, AddressMatch, number][] = [
    [LINK_LOCAL, LINK_LOCAL, 546],
    [LINK_LOCAL, ALL_NODES, 546],
    [LINK_LOCAL, ALL_NODES, 547],
    [ALL_NODES, LINK_LOCAL, 547],
  ];
  const own = addressOf(six, key);
  return [
    ...pairs.map(([source, destination, to]) => rule({ source, destination, destinationPorts: port(to) })),
    ...(own === undefined
      ? []
      : [
          rule({ direction: 'in', source: LINK_LOCAL, destination: own, destinationPorts: port(546) }),
          rule({ direction: 'out', source: own, sourcePorts: port(547), destination: LINK_LOCAL }),
        ]),
  ];
}

function addressOf(primary: Primary, key: string): AddressMatch | undefined {
  if (primary === 'none') return undefined;
  return primary === 'unknown' ? [part({ unknown: [`address of ${key}`] })] : addressesIn(primary.address);
}
