import fc from 'fast-check';
import { parseConfigXml } from '../../src/config/xml.ts';
import { type Aim, aimAtSelf, aimsOf } from './gen-aim.ts';
import {
  type Family,
  lastOf,
  type PfAddress,
  type PfPrefix,
  prefixOf,
  printPfAddress,
  readPfPrefix,
  WIDTH,
} from './pf-address.ts';
import { addressesOf, type Facts } from './pf-facts.ts';
import type { PlainPacket } from './plain-packet.ts';

/**
 * Packets for a configuration, drawn from the edges of what it names: first and last addresses of its networks and
 * their neighbours, its ports and theirs. Most of them are aimed at one of its rules.
 */
export function packetsFor(
  configXml: string,
  facts: Facts,
  { count, seed }: { count: number; seed: number },
): PlainPacket[] {
  const aims = aimsOf(parseConfigXml(configXml), facts);
  const pools = Object.entries(facts.devices)
    .filter(([, { addresses, loopback }]) => addresses.length > 0 && !loopback)
    .map(([device, found]) =>
      poolOf(
        device,
        addressesOf(found).flatMap(({ address, network }) => [address, ...edgesOf(network)]),
      ),
    );
  const wild = fc.constantFrom(...pools).chain((pool) => packet(pool, undefined));
  const aimed = fc.constantFrom(...pools).chain((pool) => {
    const here = aims.filter(({ devices }) => devices.length === 0 || devices.includes(pool.device));
    return here.length === 0 ? wild : fc.constantFrom(...here).chain((aim) => packet(pool, aim));
  });
  const atSelf = fc.constantFrom(...pools).chain((pool) => packet(pool, aimAtSelf(facts)));
  const all = fc.oneof(
    { weight: 9, arbitrary: aimed },
    { weight: 3, arbitrary: wild },
    { weight: 1, arbitrary: atSelf },
  );
  return fc.sample(all, { numRuns: count, seed });

  function poolOf(device: string, near: readonly PfAddress[]): Pool {
    return { device, near, far: [...prefixesIn(configXml).flatMap(edgesOf), ...near], ports: portsIn(configXml) };
  }
}

interface Pool {
  readonly device: string;
  readonly near: readonly PfAddress[];
  readonly far: readonly PfAddress[];
  readonly ports: readonly number[];
}

const ELSEWHERE = ['203.0.113.77', '9.9.9.9', '169.254.3.4', '224.0.0.5', '255.255.255.255', '127.0.0.1'];
const ELSEWHERE6 = ['2001:db8:eeee::7', 'fe80::99', 'ff02::1', 'fd12::1', '::1'];
const PROTOCOLS = ['tcp', 'tcp', 'tcp', 'udp', 'udp', 'icmp', 'esp', 'gre', 'igmp'];

function packet(pool: Pool, aim: Aim | undefined): fc.Arbitrary<PlainPacket> {
  const families = aim?.families ?? (['inet', 'inet', 'inet6'] as const);
  return fc.constantFrom(...families).chain((family) => {
    const port = (aimed: readonly number[] = []) =>
      fc.constantFrom(...(aimed.length > 0 ? aimed.flatMap(around) : pool.ports));
    return fc
      .record({
        direction: aim?.outwards
          ? fc.constantFrom('in', 'out', 'out' as const)
          : fc.constantFrom('in', 'in', 'in', 'in', 'out' as const),
        near: address(pool.near, family, 3),
        aimedSource: address((aim?.sources ?? []).flatMap(edgesOf), family, 0),
        isAimed: fc.boolean(),
        far: address(aim?.destinations.length ? aim.destinations.flatMap(edgesOf) : pool.far, family, 2),
        protocol: fc.constantFrom(...(aim && aim.protocols.length > 0 ? aim.protocols : PROTOCOLS)),
        sourcePort: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(40_000, 53_124) }, port(aim?.sourcePorts)),
        destinationPort: port(aim?.destinationPorts),
        icmpType: fc.constantFrom(...(family === 'inet' ? [8, 8, 8, 0, 3, 13] : [128, 128, 129, 1, 134, 135])),
        tcpFlags: fc.oneof({ weight: 12, arbitrary: fc.constant('S') }, fc.constantFrom('A', 'SA', 'FA', 'R')),
      })
      .map(({ direction, near, aimedSource, isAimed, far, protocol, ...rest }) => {
        const hasAim = aim !== undefined && (aim.sources.length > 0 || aim.outwards);
        const source = hasAim && (isAimed || aim.outwards) ? aimedSource : near;
        const ends = direction === 'in' || aim ? { source, destination: far } : { source: far, destination: near };
        return plain({ direction, device: pool.device, ...ends, ...rest }, protocol, family);
      });
  });
}

/** One of the addresses, or one that no rule speaks of; `strangers` is how often, in parts of eight. */
function address(from: readonly PfAddress[], family: Family, strangers: number): fc.Arbitrary<string> {
  const known = [...new Set(from.filter((one) => one.family === family).map(printPfAddress))];
  const others = fc.constantFrom(...(family === 'inet' ? ELSEWHERE : ELSEWHERE6));
  if (known.length === 0) return others;
  return fc.oneof(
    { weight: 8 - strangers, arbitrary: fc.constantFrom(...known) },
    { weight: strangers, arbitrary: others },
  );
}

type Details = Pick<PlainPacket, 'direction' | 'device' | 'source' | 'destination'> & {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly icmpType: number;
  readonly tcpFlags: string;
};

function plain(details: Details, name: string, family: Family): PlainPacket {
  const { sourcePort, destinationPort, icmpType, tcpFlags, ...envelope } = details;
  if (name === 'tcp') return { ...envelope, protocol: name, sourcePort, destinationPort, tcpFlags };
  if (name === 'udp') return { ...envelope, protocol: name, sourcePort, destinationPort };
  if (name === 'esp' || name === 'gre' || name === 'igmp') return { ...envelope, protocol: name };
  return { ...envelope, protocol: family === 'inet' ? 'icmp' : 'ipv6-icmp', icmpType };
}

/** First and last address of a network, one beside each, and one inside. */
function edgesOf(prefix: PfPrefix): PfAddress[] {
  const { family, value: first } = prefix;
  const { value: last } = lastOf(prefix);
  const max = (1n << BigInt(WIDTH[family])) - 1n;
  return [first, last, first - 1n, last + 1n, (first + last) / 2n, first + (last - first) / 3n]
    .filter((value) => value > 0n && value < max)
    .map((value) => ({ family, value }));
}

/** Everything in a text that reads as an address or a network. */
function prefixesIn(text: string): PfPrefix[] {
  const words = text.match(/[0-9a-f.:]{3,}(\/\d{1,3})?/g) ?? [];
  return words.flatMap((word) => {
    const prefix = /[.:]/.test(word) ? readPfPrefix(word) : undefined;
    return prefix ? [prefixOf(prefix, prefix.bits)] : [];
  });
}

/** Ports that a configuration names, and the ones beside them. */
function portsIn(configXml: string): number[] {
  const named = [...configXml.matchAll(/<(?:local-|source|dst|nat)?port>([\d:-]+)</g)].map(([, ports = '']) => ports);
  const inAliases = [...configXml.matchAll(/<type>port<\/type>\s*<address>([^<]*)</g)].flatMap(([, ports = '']) =>
    ports.split(' '),
  );
  const numbers = [...named, ...inAliases].flatMap((ports) => ports.split(/[:-]/)).map(Number);
  return [...new Set([0, 22, 80, 443, ...numbers].filter(Number.isInteger).flatMap(around))];
}

function around(port: number): number[] {
  return [port - 1, port, port, port, port + 1].filter((one) => one >= 0 && one <= 65_535);
}
