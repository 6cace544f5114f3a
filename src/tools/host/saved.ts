import { canonicalAddress, isAddress } from '../../config/address.ts';
import { type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../config/model.ts';
import { wallMs } from '../../core/clock.ts';
import { readServers } from '../dhcp/server.ts';
import { isMultipoint } from '../vpn/saved.ts';
import type { HostFacts } from './snippet.ts';

export const SAVED_NOTE =
  'A saved configuration was asked: leases, neighbours, states, connected VPN users and DNS were not looked at. Static maps, overrides, interfaces and aliases are from the file.';

/** What a saved configuration knows of a host, by its address, MAC or name in lower case. */
export function savedHost(config: ConfigTree, wanted: string): HostFacts {
  const maps = mapsOf(config, wanted);
  const overrides = overridesOf(config, wanted);
  const found = [...maps, ...overrides].map((row) => row['address'] ?? '').find(isAddress);
  return {
    address: isAddress(wanted) ? wanted : (found ?? ''),
    unread: [],
    own: null,
    virtual: listAt(config, 'virtualip/vip').map(virtualOf),
    neighbours: null,
    kea: [],
    isc: [],
    maps,
    overrides,
    reverse: null,
    vpn: [],
    vpnSilent: listAt(config, 'openvpn/openvpn-server').filter(isMultipoint).length,
    peers: listAt(config, 'installedpackages/wireguard/peers/item').map(peerOf),
    aliases: listAt(config, 'aliases/alias').map((alias) => texts(alias, ['name', 'type', 'address'])),
    held: null,
    states: null,
    interfaces: treeAt(config, 'interfaces') ?? {},
    vlans: listAt(config, 'vlans/vlan').map((vlan) => texts(vlan, ['if', 'tag', 'vlanif', 'descr'])),
    backend: textAt(config, 'dhcpbackend') === 'kea' ? 'kea' : 'isc',
    now: Math.floor(wallMs() / 1000),
    saved: true,
  };
}

function mapsOf(config: ConfigTree, wanted: string): HostFacts['maps'] {
  const servers = [
    ...readServers(treeAt(config, 'dhcpd') ?? {}, 'ipv4'),
    ...readServers(treeAt(config, 'dhcpdv6') ?? {}, 'ipv6'),
  ];
  return servers
    .flatMap(({ staticMaps }) => staticMaps)
    .filter(
      ({ address, mac, hostname }) => isSame(address ?? '', wanted) || mac === wanted || isNamed(hostname, wanted),
    )
    .map(({ interface: id, address, mac, hostname, description }) => ({
      interface: id,
      address: address ?? '',
      ...(mac === null ? {} : { mac }),
      hostname,
      descr: description,
    }));
}

function overridesOf(config: ConfigTree, wanted: string): HostFacts['overrides'] {
  const entries = ['unbound/hosts', 'dnsmasq/hosts'].flatMap((path) => listAt(config, path));
  return entries.flatMap((entry) => {
    const name = [textAt(entry, 'host'), textAt(entry, 'domain')].filter(Boolean).join('.');
    const addresses = (textAt(entry, 'ip') ?? '').split(',').map((address) => address.trim());
    const meant = addresses.filter((address) => isSame(address, wanted) || isNamed(name, wanted));
    return meant.map((address) => ({ name, address }));
  });
}

function isSame(left: string, right: string): boolean {
  return isAddress(left) && isAddress(right) && canonicalAddress(left) === canonicalAddress(right);
}

function isNamed(name: string, wanted: string): boolean {
  const lower = name.toLowerCase();
  return lower !== '' && (lower === wanted || lower.startsWith(`${wanted}.`));
}

function virtualOf(vip: ConfigTree): string {
  const subnet = textAt(vip, 'subnet') ?? '';
  return textAt(vip, 'type') === 'network' ? `${subnet}/${textAt(vip, 'subnet_bits') ?? ''}` : subnet;
}

function peerOf(peer: ConfigTree): HostFacts['peers'][number] {
  const rows = listAt(peer, 'allowedips/row');
  return Object.assign(texts(peer, ['descr', 'tun']), {
    networks: rows.map((row) => `${textAt(row, 'address') ?? ''}/${textAt(row, 'mask') ?? ''}`),
  });
}

function texts(entry: ConfigTree, names: readonly string[]): Record<string, string> {
  const found = entriesAt(entry, '').flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return Object.fromEntries(found.filter(([name]) => names.includes(name)));
}
