import { type ConfigSection, type ConfigTree, isList, listAt, textAt, treeAt } from '../../src/config/model.ts';
import { type Family, type PfPrefix, prefixOf, readPfPrefix } from './pf-address.ts';
import { addressesOf, type Facts } from './pf-facts.ts';

/** What a rule of the configuration speaks of, so that packets can be aimed at it. */
export interface Aim {
  readonly devices: readonly string[];
  readonly outwards: boolean;
  readonly families: readonly Family[];
  readonly protocols: readonly string[];
  readonly sources: readonly PfPrefix[];
  readonly destinations: readonly PfPrefix[];
  readonly sourcePorts: readonly number[];
  readonly destinationPorts: readonly number[];
}

/** One aim for each filter and translation rule. */
export function aimsOf(config: ConfigTree, facts: Facts): Aim[] {
  return ['filter/rule', 'nat/rule', 'nat/onetoone', 'nat/outbound/rule']
    .flatMap((path) => listAt(config, path).map((rule) => [path, rule] as const))
    .map(([path, rule]) => ({
      devices: (textAt(rule, 'interface') ?? '').split(',').flatMap((name) => devicesOf(config, name)),
      outwards: path.includes('outbound') || textAt(rule, 'direction') === 'out',
      families: familiesOf(textAt(rule, 'ipprotocol')),
      protocols: (textAt(rule, 'protocol') ?? '').split('/').filter((name) => name !== '' && name !== 'any'),
      sources: placesOf(config, facts, treeAt(rule, 'source')),
      destinations: [
        ...placesOf(config, facts, treeAt(rule, 'destination')),
        ...addressesIn(config, textAt(rule, 'external')),
      ],
      sourcePorts: portsOf(config, treeAt(rule, 'source')),
      destinationPorts: portsOf(config, treeAt(rule, 'destination')),
    }));
}

const SERVICES = [22, 53, 67, 68, 80, 443, 2222, 8443];

/** What is aimed at the firewall itself: its own services, and those it needs on its network. */
export function aimAtSelf(facts: Facts): Aim {
  const own = Object.values(facts.devices).flatMap(addressesOf);
  const nothing = { devices: [], outwards: false, sources: [], sourcePorts: [67, 68, 40_000] };
  const destinations = own.map(({ address, network }) => prefixOf(address, sizeOf(network)));
  const protocols = ['tcp', 'tcp', 'udp', 'icmp'];
  return { ...nothing, families: ['inet', 'inet', 'inet6'], protocols, destinations, destinationPorts: SERVICES };
}

function familiesOf(ipprotocol: string | undefined): Family[] {
  if (ipprotocol === 'inet46') return ['inet', 'inet6'];
  return [ipprotocol === 'inet6' ? 'inet6' : 'inet'];
}

function devicesOf(config: ConfigTree, name: string): string[] {
  const own = textAt(config, `interfaces/${name}/if`);
  if (own !== undefined) return [own];
  const group = listAt(config, 'ifgroups/ifgroupentry').find((entry) => textAt(entry, 'ifname') === name);
  const members = group === undefined ? '' : (textAt(group, 'members') ?? '');
  return members.split(' ').flatMap((member) => (member === '' ? [] : devicesOf(config, member)));
}

/** Networks that the end of a rule names; a rule for everything names none. */
function placesOf(config: ConfigTree, facts: Facts, end: ConfigTree | undefined): PfPrefix[] {
  if (end === undefined) return [];
  const network = textAt(end, 'network');
  if (network === undefined) return addressesIn(config, textAt(end, 'address'));
  const isAddress = network.endsWith('ip') || network === '(self)';
  const names = network === '(self)' ? Object.keys(interfacesOf(config)) : [network.replace(/ip$/, '')];
  const devices = names.flatMap((name) => devicesOf(config, name)).flatMap((device) => facts.devices[device] ?? []);
  const found = devices
    .flatMap(addressesOf)
    .map(({ address, network }) => (isAddress ? prefixOf(address, sizeOf(network)) : network));
  return found.length > 0 ? found : addressesIn(config, network);
}

function sizeOf({ family }: PfPrefix): number {
  return family === 'inet' ? 32 : 128;
}

function interfacesOf(config: ConfigTree): ConfigSection {
  const found = treeAt(config, 'interfaces');
  return found === undefined || typeof found === 'string' || isList(found) ? {} : found;
}

/** An address, a network, or what an alias holds. */
function addressesIn(config: ConfigTree, name: string | undefined): PfPrefix[] {
  return membersOf(config, name ?? '', new Set())
    .flatMap((word) => readPfPrefix(word) ?? [])
    .map((found) => prefixOf(found, found.bits));
}

function portsOf(config: ConfigTree, end: ConfigTree | undefined): number[] {
  const ports = end === undefined ? '' : (textAt(end, 'port') ?? '');
  return membersOf(config, ports, new Set())
    .flatMap((word) => word.split(/[:-]/))
    .map(Number)
    .filter(Number.isInteger);
}

function membersOf(config: ConfigTree, name: string, seen: Set<string>): string[] {
  const alias = listAt(config, 'aliases/alias').find((one) => textAt(one, 'name') === name);
  if (alias === undefined || seen.has(name)) return name === '' ? [] : [name];
  seen.add(name);
  return (textAt(alias, 'address') ?? '').split(' ').flatMap((member) => membersOf(config, member, seen));
}
