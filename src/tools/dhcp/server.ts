import { canonicalAddress, isInNetwork, isInRange } from '../../config/address.ts';
import { type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../config/model.ts';

/** Addresses that a DHCP server gives out, both ends included. */
export interface Pool {
  readonly from: string;
  readonly to: string;
}

export interface StaticMap {
  /** Key of the interface. */
  readonly interface: string;
  readonly family: 'ipv4' | 'ipv6';
  /** null: the client gets an address of the pool. */
  readonly address: string | null;
  readonly mac: string | null;
  readonly clientId: string | null;
  readonly hostname: string;
  readonly description: string;
  readonly isStaticArp: boolean;
}

/** DHCP server of one interface as it is configured. */
export interface DhcpServer {
  readonly interface: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly isEnabled: boolean;
  readonly pools: readonly Pool[];
  readonly staticMaps: readonly StaticMap[];
}

/** The servers that stand below `dhcpd` (IPv4) or `dhcpdv6`. */
export function readServers(section: ConfigTree, family: 'ipv4' | 'ipv6'): DhcpServer[] {
  return entriesAt(section, '').map(([id, entry]) => ({
    interface: id,
    family,
    isEnabled: treeAt(entry, 'enable') !== undefined,
    pools: [entry, ...listAt(entry, 'pool')].flatMap(readPool),
    staticMaps: listAt(entry, 'staticmap').map((map) => readStaticMap(map, id, family)),
  }));
}

function readPool(entry: ConfigTree): Pool[] {
  const [from, to] = [textAt(entry, 'range/from'), textAt(entry, 'range/to')];
  return from && to ? [{ from, to }] : [];
}

function readStaticMap(map: ConfigTree, id: string, family: 'ipv4' | 'ipv6'): StaticMap {
  const address = textAt(map, family === 'ipv4' ? 'ipaddr' : 'ipaddrv6');
  return {
    interface: id,
    family,
    address: address ? canonicalAddress(address) : null,
    mac: textAt(map, 'mac')?.toLowerCase() || null,
    clientId: (textAt(map, 'cid') || textAt(map, 'duid')) ?? null,
    hostname: textAt(map, 'hostname') ?? '',
    description: textAt(map, 'descr') ?? '',
    isStaticArp: treeAt(map, 'arp_table_static_entry') !== undefined,
  };
}

export function isInPool(address: string, { pools }: DhcpServer): boolean {
  return pools.some(({ from, to }) => isInRange(address, from, to));
}

/** Key of the interface whose configured subnet holds the address; null when none does (addresses by DHCP, tracking). */
export function interfaceOf(address: string, interfaces: ConfigTree): string | null {
  const found = entriesAt(interfaces, '').find(([, entry]) =>
    [
      [textAt(entry, 'ipaddr'), textAt(entry, 'subnet')],
      [textAt(entry, 'ipaddrv6'), textAt(entry, 'subnetv6')],
    ].some(([base, bits]) => base && bits && isInNetwork(address, `${base}/${bits}`)),
  );
  return found?.[0] ?? null;
}
