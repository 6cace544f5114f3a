import { AddressSet, addressValue } from '../../config/address-set.ts';
import { type ConfigTree, listAt, textAt, treeAt } from '../../config/model.ts';
import { type AddressMatch, part } from '../addresses.ts';
import type { Context } from '../context.ts';
import { readEndpoint } from '../endpoint.ts';
import type { Interface } from '../network.ts';
import { type PfRule, pfRule } from '../pf-rule.ts';
import { type PortRange, readNatPorts, SOME_PORT } from '../ports.ts';
import type { Truth } from '../truth.ts';
import { hasGateway } from './gateway-of-interface.ts';
import type { NatOrigin, NatRule, Target } from './translation.ts';

/** Port forwards as pf holds them, with what reflection adds for hosts inside. */
export function portForwards(context: Context): NatRule[] {
  return listAt(context.config, 'nat/rule').flatMap((raw, index) =>
    treeAt(raw, 'disabled') === undefined ? portForward(raw, index, context) : [],
  );
}

const WITH_PORTS = new Set(['tcp', 'udp', 'tcp/udp', 'sctp']);

function portForward(raw: ConfigTree, index: number, context: Context): NatRule[] {
  const key = textAt(raw, 'interface') || 'wan';
  const one = context.interfaces.get(key);
  const family = textAt(raw, 'ipprotocol') === 'inet6' ? 6 : 4;
  const source = readEndpoint(treeAt(raw, 'source'), family, key, context);
  const destination = readEndpoint(treeAt(raw, 'destination'), family, key, context);
  const protocol = (textAt(raw, 'protocol') ?? '').toLowerCase();
  const ports = (end: string) =>
    WITH_PORTS.has(protocol) ? readNatPorts(textAt(raw, `${end}/port`) ?? '', context.aliases) : null;
  const [sourcePorts, destinationPorts] = [ports('source'), ports('destination')];
  if (one === undefined || typeof source === 'string' || typeof destination === 'string') return [];
  if (sourcePorts === 'missing' || destinationPorts === 'missing') return [];
  const isKept = treeAt(raw, 'nordr') !== undefined;
  const targets: readonly Target[] = isKept
    ? [{ kind: 'keep' }]
    : targetsOf(textAt(raw, 'target') ?? '', family, context);
  if (targets.length === 0) return [];
  // pfSense looks for the network that it narrows reflection to before it writes anything of the forward.
  if (isReflected(raw, context.config) && isNarrowed(raw) && one.four === 'none') return [];
  const origin: NatOrigin = { kind: 'port forward', position: index + 1, description: textAt(raw, 'descr') ?? '' };
  const match: Partial<PfRule> = {
    ...{ direction: 'in', family, protocols: protocolsOf(protocol, family) },
    ...{ source, sourcePorts, destination, destinationPorts },
  };
  const rule = (given: Partial<PfRule>): NatRule => ({
    when: pfRule({ ...match, ...given, origin: { kind: 'hidden', name: 'port forward' } }),
    targets,
    port: isKept || !WITH_PORTS.has(protocol) ? (port) => port : portMap(raw, context),
    passes: !isKept && textAt(raw, 'associated-rule-id') === 'pass',
    origin,
  });
  return [
    rule({ on: [one.device] }),
    ...reflections(raw, key, context).map(({ on, how }) => ({
      ...rule({ on, unless: how.unless, ...(isNarrowed(raw) ? { destination: networkOf(one) } : {}) }),
      ...(how.isProxy && !isKept ? { targets: [{ kind: 'unknown', name: 'NAT reflection by proxy' } as const] } : {}),
    })),
  ];
}

function isReflected(raw: ConfigTree, config: ConfigTree): boolean {
  const own = textAt(raw, 'natreflection') ?? '';
  return own === '' ? treeAt(config, 'system/disablenatreflection') === undefined : own !== 'disable';
}

/** Where anything is forwarded, pfSense reflects what goes to the network of the forward's own interface. */
function isNarrowed(raw: ConfigTree): boolean {
  return treeAt(raw, 'destination/any') !== undefined && textAt(raw, 'natreflection') !== '';
}

function networkOf({ four, name }: Interface): AddressMatch {
  return typeof four === 'object'
    ? [part({ set: AddressSet.of([`${four.address}/${four.length}`]) })]
    : [part({ unknown: [`networks of ${name}`] })];
}

function protocolsOf(protocol: string, family: 4 | 6): string[] | null {
  if (protocol === 'any' || protocol === '') return null;
  if (protocol === 'tcp/udp') return ['tcp', 'udp'];
  return [protocol === 'icmp' && family === 6 ? 'ipv6-icmp' : protocol];
}

/** An address, the members of an alias in turn, or the address of an interface; none: pfSense leaves the rule out. */
function targetsOf(text: string, family: 4 | 6, context: Context): Target[] {
  const address = addressValue(text);
  if (address !== undefined) return [{ kind: 'address', address }];
  const alias = context.aliases(text);
  if (alias?.kind === 'addresses') {
    const blocks = alias.set.blocks.filter(({ bits }) => bits === (family === 4 ? 32 : 128));
    const single = blocks.flatMap(({ first, last, bits }) => (first === last ? [{ value: first, bits }] : []));
    const isPlain = alias.table === null && alias.unknown.length === 0 && single.length === blocks.length;
    if (isPlain && single.length > 0 && single.length <= 8)
      return single.map((one) => ({ kind: 'address', address: one }));
    return [{ kind: 'unknown', name: `target ${text}` }];
  }
  const [, key = ''] = /^(wan|lan|opt\d+)ip$/.exec(text) ?? [];
  const one = context.interfaces.get(key);
  const primary = family === 4 ? one?.four : one?.six;
  if (typeof primary === 'object') {
    const own = addressValue(primary.address);
    return own === undefined ? [] : [{ kind: 'address', address: own }];
  }
  return primary === 'unknown' || alias?.kind === 'unknown' || text.startsWith('::')
    ? [{ kind: 'unknown', name: `target ${text}` }]
    : [];
}

/** Ports keep their distance to the first one of a range. */
function portMap(raw: ConfigTree, { aliases }: Context): (port: PortRange) => PortRange {
  const local = textAt(raw, 'local-port') ?? '';
  const wanted = textAt(raw, 'destination/port') ?? '';
  if (local === '' || local === wanted) return (port) => port;
  const alias = aliases(local);
  const first = alias?.kind === 'ports' ? (alias.ranges[0]?.[0] ?? 0) : Number(local);
  const [from = '', end = ''] = wanted.split('-');
  if (!Number.isInteger(first) || first === 0) return () => SOME_PORT;
  const isRange = aliases(wanted) === undefined && end !== '' && from !== end;
  if (alias !== undefined || !isRange) return () => [first, first];
  const distance = first - Number(from);
  return ([low, high]) => [low + distance, high + distance];
}

interface Reflection {
  readonly on: string[];
  readonly how: { readonly unless: readonly string[]; readonly isProxy: boolean };
}

/** Interfaces inside on which the forward holds too; each with what would have to be known for that. */
function reflections(raw: ConfigTree, key: string, { config, facts, interfaces }: Context): Reflection[] {
  if (!isReflected(raw, config)) return [];
  const own = textAt(raw, 'natreflection') ?? '';
  const isPure =
    own === 'purenat' || (own !== 'enable' && treeAt(config, 'system/enablenatreflectionpurenat') !== undefined);
  // It writes the network as IPv4, and something that is no port where the forward names none.
  const isOdd =
    isNarrowed(raw) && (textAt(raw, 'ipprotocol') === 'inet6' || (textAt(raw, 'destination/port') ?? '') === '');
  const outer = interfaces.get(key)?.device;
  return [...interfaces.values()].flatMap((one): Reflection[] => {
    const outward: Truth = one.device === outer ? true : hasGateway(one, config, facts);
    if (outward === true) return [];
    const unless = [...(outward === false ? [] : outward), ...(isOdd ? ['NAT reflection of any destination'] : [])];
    return [{ on: [one.device], how: { unless, isProxy: !isPure } }];
  });
}
