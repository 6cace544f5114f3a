import { isInPrefix, type PfAddress } from './pf-address.ts';
import { entriesOfFile, type Facts, isInTable, isOn, networksOf, readEntry } from './pf-facts.ts';
import { TCP, WITH_PORTS } from './pf-names.ts';
import type { Conditions, Direction, FilterRule, Host, Ports, Ruleset, Side } from './pf-syntax.ts';

/** A first packet of a conversation, on its way through one device. */
export interface Packet {
  readonly direction: Direction;
  readonly device: string;
  readonly protocol: number;
  readonly source: PfAddress;
  readonly destination: PfAddress;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly icmp: { readonly type: number; readonly code: number };
  /** TCP flags, as letters of `FSRPAUEW`. */
  readonly flags: string;
  /** Tag that the packet carries, from rules for the device it came in by. */
  readonly tag: string | undefined;
}

/** Rules and what they refer to. */
export interface World {
  readonly rules: Ruleset;
  readonly facts: Facts;
}

export function meetsConditions(world: World, rule: Conditions, packet: Packet): boolean {
  return (
    meetsEnvelope(world, rule, packet) &&
    isAtSide(world, rule.from, packet.source, portOf(packet, packet.sourcePort)) &&
    isAtSide(world, rule.to, packet.destination, portOf(packet, packet.destinationPort))
  );
}

/** All conditions but those on addresses and ports. */
export function meetsEnvelope({ facts }: World, rule: Conditions, packet: Packet): boolean {
  return (
    (rule.devices.length === 0 || rule.devices.some((name) => isOn(facts, packet.device, name))) &&
    (rule.family === undefined || rule.family === packet.source.family) &&
    (rule.protocols.length === 0 || rule.protocols.includes(packet.protocol)) &&
    (rule.tagged === undefined || (rule.tagged.name === packet.tag) !== rule.tagged.not)
  );
}

export function meetsFilterConditions(world: World, rule: FilterRule, packet: Packet): boolean {
  return (
    (rule.direction === undefined || rule.direction === packet.direction) &&
    meetsConditions(world, rule, packet) &&
    meetsIcmp(rule, packet) &&
    meetsFlags(rule, packet)
  );
}

function meetsIcmp({ icmpTypes }: FilterRule, { icmp }: Packet): boolean {
  if (icmpTypes.length === 0) return true;
  return icmpTypes.some(({ type, code }) => type === icmp.type && (code === undefined || code === icmp.code));
}

function meetsFlags({ flags }: FilterRule, packet: Packet): boolean {
  if (!flags || packet.protocol !== TCP) return true;
  return [...flags.among].every((flag) => packet.flags.includes(flag) === flags.set.includes(flag));
}

/** Translation rules may ask for a port without a protocol; a packet without ports has port 0 then. */
function portOf({ protocol }: Packet, port: number): number {
  return WITH_PORTS.has(protocol) ? port : 0;
}

export function isAtSide(world: World, side: Side, address: PfAddress, port: number): boolean {
  return (
    (side.hosts.length === 0 || side.hosts.some((host) => isAtHost(world, host, address))) &&
    (side.ports.length === 0 || side.ports.some((ports) => isInPorts(ports, port)))
  );
}

function isInPorts({ kind, from, to }: Ports, port: number): boolean {
  return (port >= from && port <= to) === (kind === 'inside');
}

/** An address of the other family is never at a host, behind `!` neither. */
export function isAtHost(world: World, host: Host, address: PfAddress): boolean {
  switch (host.kind) {
    case 'any':
      return true;
    case 'prefix':
      return address.family === host.prefix.family && isInPrefix(address, host.prefix) !== host.not;
    case 'range':
      return address.family === host.from.family && isInRange(host.from, host.to, address) !== host.not;
    case 'table':
      return isInTable(world.facts, entriesOf(world, host.name), address) !== host.not;
    case 'device':
      return networksOf(world.facts, host).some((network) => isInPrefix(address, network)) !== host.not;
  }
}

function isInRange(from: PfAddress, to: PfAddress, address: PfAddress): boolean {
  return address.value >= from.value && address.value <= to.value;
}

/** Members of a table: as the rules give them, from its files, and those it has got since. */
function entriesOf({ rules, facts }: World, name: string): Host[] {
  const table = rules.tables.get(name);
  const files = (table?.files ?? []).flatMap((path) => entriesOfFile(facts, path));
  return [...(table?.entries ?? []), ...files, ...(facts.tables?.[name] ?? []).map(readEntry)];
}
