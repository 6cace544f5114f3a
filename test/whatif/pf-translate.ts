import { type PfAddress, prefixOf, WIDTH } from './pf-address.ts';
import { networksOf } from './pf-facts.ts';
import { isAtHost, isAtSide, meetsConditions, meetsEnvelope, type Packet, type World } from './pf-match.ts';
import { WITH_PORTS } from './pf-names.ts';
import type { Host, Target, TranslationRule } from './pf-syntax.ts';

/** What translation does to a packet; `choices` are addresses of which pf takes one in a way that is not modelled. */
export interface Translation {
  readonly rule: TranslationRule | undefined;
  readonly packet: Packet;
  readonly choices: readonly PfAddress[];
  /** Where the new source port lies, both ends in it; undefined: it stays. */
  readonly sourcePorts: readonly [low: number, high: number] | undefined;
}

/** First match wins, in the order of pf: coming in rdr then binat, going out binat then nat. */
export function translate(world: World, packet: Packet): Translation {
  const kinds = packet.direction === 'in' ? (['rdr', 'binat'] as const) : (['binat', 'nat'] as const);
  const rules = world.rules.translations.filter((rule) => 'from' in rule);
  for (const kind of kinds) {
    const rule = rules.find((one) => one.kind === kind && applies(world, one, packet));
    if (rule?.target) return applied(world, rule, rule.target, packet);
    if (rule) break;
  }
  return { rule: undefined, packet, choices: [], sourcePorts: undefined };
}

function applies(world: World, rule: TranslationRule, packet: Packet): boolean {
  if (rule.kind !== 'binat' || packet.direction === 'out') return meetsConditions(world, rule, packet);
  return (
    meetsEnvelope(world, rule, packet) &&
    isAtSide(world, rule.to, packet.source, 0) &&
    (rule.target === undefined || rule.target.hosts.some((host) => isAtHost(world, host, packet.destination)))
  );
}

function applied(world: World, rule: TranslationRule, target: Target, packet: Packet): Translation {
  const isSource = packet.direction === 'out';
  const old = isSource ? packet.source : packet.destination;
  const hosts = rule.kind === 'binat' && !isSource ? rule.from.hosts : target.hosts;
  const choices = addressesFor(world, hosts, old, rule.kind === 'binat' || target.options.includes('bitmask'));
  const [address = old] = choices;
  const tagged = rule.tag === undefined ? packet : { ...packet, tag: rule.tag };
  const changed = isSource
    ? { ...tagged, source: address }
    : { ...tagged, destination: address, destinationPort: redirectedPort(rule, target, packet) };
  const sourcePorts = rule.kind === 'nat' ? newSourcePorts(target, packet) : undefined;
  return { rule, packet: changed, choices: choices.length > 1 ? choices : [], sourcePorts };
}

/** Ports that pfctl sets where the rule names none. */
const DEFAULT_PORTS = [50_001, 65_535] as const;

/** pf draws a new port for what has ports, also where the old one was 0. */
function newSourcePorts({ ports, options }: Target, { protocol }: Packet): Translation['sourcePorts'] {
  if (options.includes('static-port') || !WITH_PORTS.has(protocol)) return undefined;
  if (!ports) return DEFAULT_PORTS;
  return [ports.from, ports.open ? 65_535 : (ports.to ?? ports.from)];
}

/** Every address of the packet's family that the target has; a network keeps the host part with `bitmask`. */
function addressesFor(world: World, hosts: readonly Host[], old: PfAddress, keepsHost: boolean): PfAddress[] {
  const prefixes = hosts.flatMap((host) => {
    if (host.kind === 'prefix') return [host.prefix];
    if (host.kind === 'device') return networksOf(world.facts, host);
    if (host.kind === 'table') return (world.rules.tables.get(host.name)?.entries ?? []).flatMap(prefixOfEntry);
    return [];
  });
  return prefixes
    .filter(({ family }) => family === old.family)
    .flatMap((prefix) => {
      const hostMask = (1n << BigInt(WIDTH[prefix.family] - prefix.bits)) - 1n;
      if (keepsHost) return [{ family: old.family, value: prefix.value | (old.value & hostMask) }];
      return hostMask === 0n ? [prefix] : [prefix, { family: old.family, value: prefix.value | hostMask }];
    })
    .map(({ family, value }) => ({ family, value }));
}

function prefixOfEntry(host: Host) {
  return host.kind === 'prefix' ? [prefixOf(host.prefix, host.prefix.bits)] : [];
}

/** A range at the target is counted from the start of the range that the rule matches. */
function redirectedPort({ to }: TranslationRule, { ports }: Target, packet: Packet): number {
  const port = packet.destinationPort;
  if (!ports || !WITH_PORTS.has(packet.protocol)) return port;
  if (ports.to === undefined && !ports.open) return ports.from;
  const matched = to.ports.find(({ from, to: end }) => port >= from && port <= end)?.from ?? 0;
  const size = ports.to === undefined ? 65_536 : ports.to - ports.from + 1;
  const redirected = ((port - matched) % size) + ports.from;
  return redirected > 65_535 ? redirected - 65_535 : redirected;
}
