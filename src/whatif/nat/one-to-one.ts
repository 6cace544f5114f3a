import { readBlock } from '../../config/address-block.ts';
import { AddressSet } from '../../config/address-set.ts';
import { type ConfigTree, listAt, textAt, treeAt } from '../../config/model.ts';
import { type AddressMatch, addressesIn, part } from '../addresses.ts';
import type { Context } from '../context.ts';
import { type Endpoint, readEndpoint } from '../endpoint.ts';
import { pfRule } from '../pf-rule.ts';
import type { NatOrigin, NatRule, Target } from './translation.ts';

/** 1:1 NAT and network prefix translation, in both directions. */
export interface OneToOne {
  readonly inward: readonly NatRule[];
  readonly outward: readonly NatRule[];
}

export function oneToOne(context: Context): OneToOne {
  const { config } = context;
  const active = (path: string): [ConfigTree, number][] =>
    listAt(config, path).flatMap((raw, index) => (treeAt(raw, 'disabled') === undefined ? [[raw, index]] : []));
  const pairs = [
    ...active('nat/onetoone').flatMap(([raw, index]) => mapping(raw, index, context)),
    ...active('nat/npt').flatMap(([raw, index]) => prefixes(raw, index, context)),
  ];
  return { inward: pairs.map(({ inward }) => inward), outward: pairs.map(({ outward }) => outward) };
}

interface Pair {
  readonly inward: NatRule;
  readonly outward: NatRule;
}

function mapping(raw: ConfigTree, index: number, context: Context): Pair[] {
  const key = textAt(raw, 'interface') || 'wan';
  const one = context.interfaces.get(key);
  const external = textAt(raw, 'external') ?? '';
  const family = textAt(raw, 'ipprotocol') === 'inet6' || external.includes(':') ? 6 : 4;
  const inside = endOf(treeAt(raw, 'source'), family, key, context);
  const peers = endOf(treeAt(raw, 'destination'), family, key, context);
  if (one === undefined || typeof inside === 'string' || typeof peers === 'string') return [];
  const [within] = inside;
  const block = within !== undefined && !within.any && !within.not ? within.set.blocks[0] : undefined;
  const outside = readBlock(external);
  const origin: NatOrigin = { kind: '1:1', position: index + 1, description: textAt(raw, 'descr') ?? '' };
  const isKept = treeAt(raw, 'nobinat') !== undefined;
  if (block === undefined || outside === undefined)
    return [
      pair({
        on: one.device,
        family,
        inside,
        outside: [part({ unknown: ['1:1 NAT'] })],
        peers,
        origin,
        sets: undefined,
        isKept,
      }),
    ];
  const size = block.last - block.first;
  // pf takes the external network that has the address in it and is as large as the inner one.
  const first = outside.first - (outside.first % (size + 1n));
  const sets = {
    inside: new AddressSet([block]),
    outside: new AddressSet([{ first, last: first + size, bits: outside.bits }]),
  };
  return [
    pair({ on: one.device, family, inside, outside: [part({ set: sets.outside })], peers, origin, sets, isKept }),
  ];
}

/** pf maps one network to one: of an interface pfSense writes that of its own address here, without virtual ones. */
function endOf(raw: ConfigTree | undefined, family: 4 | 6, on: string, context: Context): Endpoint {
  const one = context.interfaces.get((raw && textAt(raw, 'network')) ?? '');
  if (raw === undefined || one === undefined) return readEndpoint(raw, family, on, context);
  const primary = family === 4 ? one.four : one.six;
  const isNot = treeAt(raw, 'not') !== undefined;
  if (one.kind !== 'interface' || primary === 'none') return 'missing';
  if (primary === 'unknown') return [part({ unknown: [`networks of ${one.name}`], not: isNot })];
  return [part({ set: AddressSet.of([`${primary.address}/${primary.length}`]), not: isNot })];
}

function prefixes(raw: ConfigTree, index: number, context: Context): Pair[] {
  const one = context.interfaces.get(textAt(raw, 'interface') || 'wan');
  const origin: NatOrigin = { kind: 'npt', position: index + 1, description: textAt(raw, 'descr') ?? '' };
  const [inner, outer] = ['source', 'destination'].map((end) =>
    readBlock(textAt(raw, `${end}/address`) ?? textAt(raw, `${end}/network`) ?? ''),
  );
  if (one === undefined || inner?.bits !== 128) return [];
  const sets = outer?.bits === 128 ? { inside: new AddressSet([inner]), outside: new AddressSet([outer]) } : undefined;
  const outside = sets === undefined ? [part({ unknown: ['delegated prefix'] })] : [part({ set: sets.outside })];
  return [
    pair({
      on: one.device,
      family: 6,
      inside: [part({ set: new AddressSet([inner]) })],
      outside,
      peers: addressesIn('::/0'),
      origin,
      sets,
      isKept: false,
    }),
  ];
}

interface Sides {
  readonly on: string;
  readonly family: 4 | 6;
  readonly inside: AddressMatch;
  readonly outside: AddressMatch;
  readonly peers: AddressMatch;
  readonly sets: { readonly inside: AddressSet; readonly outside: AddressSet } | undefined;
  readonly origin: NatOrigin;
  readonly isKept: boolean;
}

function pair({ on, family, inside, outside, peers, sets, origin, isKept }: Sides): Pair {
  const target = (from: AddressSet | undefined, to: AddressSet | undefined): Target => {
    if (isKept) return { kind: 'keep' };
    return from === undefined || to === undefined
      ? { kind: 'unknown', name: '1:1 NAT' }
      : { kind: 'network', from, to };
  };
  const rule = (direction: 'in' | 'out', source: AddressMatch, destination: AddressMatch, one: Target): NatRule => ({
    when: pfRule({ direction, family, on: [on], source, destination, origin: { kind: 'hidden', name: '1:1 NAT' } }),
    targets: [one],
    port: (port) => port,
    passes: false,
    origin,
  });
  return {
    inward: rule('in', peers, outside, target(sets?.outside, sets?.inside)),
    outward: rule('out', inside, peers, target(sets?.inside, sets?.outside)),
  };
}
