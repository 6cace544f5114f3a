import { readBlock } from '../config/address-block.ts';
import { type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../config/model.ts';
import { own } from '../core/own.ts';
import type { Facts } from './facts.ts';

export interface Network {
  readonly address: string;
  /** Length of the prefix. */
  readonly length: number;
}

/** `unknown`: it gets its address from somewhere else and no fact says which. */
export type Primary = Network | 'none' | 'unknown';

/** An interface as pfSense builds rules for it; groups and VPN servers are interfaces too. */
export interface Interface {
  readonly key: string;
  /** Name that people know it by. */
  readonly name: string;
  readonly device: string;
  readonly kind: 'interface' | 'group' | 'server';
  readonly four: Primary;
  readonly six: Primary;
  readonly virtual: readonly Network[];
  /** `dhcp`, `pppoe` … as the configuration names the way it gets its address. */
  readonly type: string;
  readonly type6: string;
}

export type Interfaces = ReadonlyMap<string, Interface>;

/** The interfaces that rules can be built for: those that are enabled and exist. */
export function readInterfaces(config: ConfigTree, facts: Facts): Interfaces {
  const found = new Map<string, Interface>();
  for (const [key, entry] of entriesAt(config, 'interfaces')) {
    if (treeAt(entry, 'enable') === undefined) continue;
    const one = readInterface(config, key, facts);
    if (facts.addresses === undefined || Object.hasOwn(facts.addresses, one.device)) found.set(key, one);
  }
  for (const server of servers(config)) found.set(server.key, server);
  for (const group of listAt(config, 'ifgroups/ifgroupentry')) {
    const one = readGroup(group, found);
    if (one.key !== '') found.set(one.key, one);
  }
  return found;
}

function readInterface(config: ConfigTree, key: string, facts: Facts): Interface {
  const text = (name: string): string => textAt(config, `interfaces/${key}/${name}`) ?? '';
  const device = own(facts.devices ?? {}, key) ?? text('if');
  const virtual = virtualAddresses(config, key);
  const now = own(facts.addresses ?? {}, device)?.filter(
    (address) => !virtual.some((vip) => address.startsWith(vip.address)),
  );
  return {
    key,
    name: text('descr') || key.toUpperCase(),
    device,
    kind: 'interface',
    four: primaryOf({ address: text('ipaddr'), length: text('subnet') }, now, 32),
    six: primaryOf({ address: text('ipaddrv6'), length: text('subnetv6') }, now, 128),
    virtual,
    type: typeOf(text('ipaddr'), 32),
    type6: typeOf(text('ipaddrv6'), 128),
  };
}

function typeOf(address: string, bits: 32 | 128): string {
  return readBlock(address)?.bits === bits ? '' : address;
}

function primaryOf(
  saved: { readonly address: string; readonly length: string },
  now: readonly string[] | undefined,
  bits: 32 | 128,
): Primary {
  if (readBlock(saved.address)?.bits === bits) return { address: saved.address, length: Number(saved.length) || bits };
  if (now === undefined) return saved.address === '' ? 'none' : 'unknown';
  const found = now.find((address) => readBlock(address)?.bits === bits && !/^fe[89ab]/i.test(address));
  return found === undefined ? 'none' : networkFrom(found, bits);
}

function networkFrom(text: string, bits: number): Network {
  const [address = '', length] = text.split('/');
  return { address, length: Number(length ?? bits) };
}

/** Virtual addresses of an interface, those on top of its CARP addresses too. */
function virtualAddresses(config: ConfigTree, key: string): Network[] {
  const all = listAt(config, 'virtualip/vip');
  const parents = new Map(all.map((vip) => [`_vip${textAt(vip, 'uniqid') ?? ''}`, textAt(vip, 'interface') ?? '']));
  return all.flatMap((vip) => {
    const on = textAt(vip, 'interface') ?? '';
    const address = textAt(vip, 'subnet') ?? '';
    const bits = readBlock(address)?.bits;
    if (bits === undefined || (parents.get(on) ?? on) !== key) return [];
    return [{ address, length: Number(textAt(vip, 'subnet_bits')) || bits }];
  });
}

/** What only the kernel knows as an interface: IPsec, and the groups of the VPN servers. */
function servers(config: ConfigTree): Interface[] {
  const found: Interface[] = [];
  const server = (key: string, name: string, four: Primary = 'none'): Interface => ({
    ...{ key, name, device: key, kind: 'server', four, six: 'none', virtual: [], type: 'none', type6: '' },
  });
  if (textAt(config, 'l2tp/mode') === 'server') found.push(server('l2tp', 'L2TP clients', 'unknown'));
  if (listAt(config, 'pppoes/pppoe').some((one) => textAt(one, 'mode') === 'server'))
    found.push(server('pppoe', 'PPPoE clients', 'unknown'));
  if (isIpsecEnabled(config)) found.push(server('enc0', 'IPsec'));
  const openvpn = [...listAt(config, 'openvpn/openvpn-server'), ...listAt(config, 'openvpn/openvpn-client')];
  if (openvpn.length > 0) found.push(server('openvpn', 'OpenVPN'));
  return found;
}

export function isIpsecEnabled(config: ConfigTree): boolean {
  return listAt(config, 'ipsec/phase1').some((phase) => treeAt(phase, 'disabled') === undefined);
}

/** A group has no address of its own; rules take those of its members for its networks. */
function readGroup(group: ConfigTree, found: ReadonlyMap<string, Interface>): Interface {
  const name = textAt(group, 'ifname') ?? '';
  const members = membersOf(group).flatMap((key) => found.get(key) ?? []);
  const own = members.flatMap(({ four, six }) => [four, six].filter((one) => typeof one === 'object'));
  const isUnknown = members.some(({ four, six }) => four === 'unknown' || six === 'unknown');
  return {
    key: name,
    name,
    device: name,
    kind: 'group',
    four: isUnknown ? 'unknown' : 'none',
    six: isUnknown ? 'unknown' : 'none',
    virtual: [...members.flatMap(({ virtual }) => virtual), ...own],
    type: '',
    type6: '',
  };
}

function membersOf(group: ConfigTree): string[] {
  return (textAt(group, 'members') ?? '').split(/\s+/).filter((key) => key !== '');
}

/** The names that `on` of a rule can match for a packet at an interface or device. */
export function linksOf(config: ConfigTree, interfaces: Interfaces, keyOrDevice: string): ReadonlySet<string> {
  const known = interfaces.get(keyOrDevice) ?? [...interfaces.values()].find(({ device }) => device === keyOrDevice);
  const device = known?.device ?? keyOrDevice;
  const links = new Set([device]);
  if (/^ovpn[sc]\d/.test(device)) links.add('openvpn');
  if (/^l2tps?\d/.test(device)) links.add('l2tp');
  if (/^poes/.test(device)) links.add('pppoe');
  for (const group of listAt(config, 'ifgroups/ifgroupentry')) {
    const members = membersOf(group);
    if (members.includes(known?.key ?? device) || members.includes(device)) links.add(textAt(group, 'ifname') ?? '');
  }
  return links;
}

/** The assigned interface of a device. */
export function interfaceOfDevice(interfaces: Interfaces, device: string): Interface | undefined {
  return [...interfaces.values()].find((one) => one.device === device && one.kind === 'interface');
}
