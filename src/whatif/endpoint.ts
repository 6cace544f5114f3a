import { readBlock } from '../config/address-block.ts';
import { AddressSet } from '../config/address-set.ts';
import { type ConfigTree, textAt, treeAt } from '../config/model.ts';
import { own } from '../core/own.ts';
import { type AddressMatch, type AddressPart, ANYWHERE, part } from './addresses.ts';
import type { Context } from './context.ts';
import { mergeSuffix } from './delegated.ts';
import type { Interface, Network, Primary } from './network.ts';

/**
 * The addresses of a rule's source or destination for one family; `missing` when pfSense leaves the rule out,
 * `unloadable` when pf would refuse it together with all others.
 */
export type Endpoint = AddressMatch | 'missing' | 'unloadable';

/** Reads `<source>` or `<destination>` of a rule; `on` is the key of the rule's interface. */
export function readEndpoint(raw: ConfigTree | undefined, family: 4 | 6, on: string, context: Context): Endpoint {
  if (raw === undefined) return 'missing';
  if (treeAt(raw, 'any') !== undefined) return ANYWHERE;
  const isNot = treeAt(raw, 'not') !== undefined;
  const network = textAt(raw, 'network') ?? '';
  if (network !== '') return readWord(network, family, isNot, context);
  const address = textAt(raw, 'address') ?? '';
  return address === '' ? 'missing' : readAddress(address, { family, isNot, on }, context);
}

interface Asked {
  readonly family: 4 | 6;
  readonly isNot: boolean;
  readonly on: string;
}

function readAddress(text: string, { family, isNot, on }: Asked, context: Context): Endpoint {
  if (text.startsWith('::')) return mergeSuffix(text, context.interfaces.get(on)?.six, isNot);
  const meaning = context.aliases(text);
  if (meaning === undefined) return literal(text, family, isNot);
  switch (meaning.kind) {
    case 'addresses':
      return isRuntimeEmpty(meaning.table, meaning.set, context)
        ? 'missing'
        : [part({ set: meaning.set, table: meaning.table, unknown: meaning.unknown, not: isNot })];
    case 'missing':
      return 'missing';
    case 'ports':
      return 'unloadable';
    case 'unknown':
      return [part({ unknown: [meaning.name], not: isNot })];
  }
}

/** A list that was never downloaded: pfSense leaves its rules out. */
function isRuntimeEmpty(table: string | null, set: AddressSet, { facts, config }: Context): boolean {
  if (table === null || set.blocks.length > 0 || own(facts.tables?.contents ?? {}, table)?.length !== 0) return false;
  return isUrlTable(config, table);
}

function isUrlTable(config: ConfigTree, name: string): boolean {
  const aliases = treeAt(config, 'aliases/alias');
  if (!Array.isArray(aliases)) return false;
  return aliases.some((alias) => textAt(alias, 'name') === name && textAt(alias, 'type') === 'urltable');
}

/** An address or network as it stands. pf refuses one of the other family. */
function literal(text: string, family: 4 | 6, isNot: boolean): Endpoint {
  const block = readBlock(text);
  if (block === undefined || text.includes('-')) return 'missing';
  if (block.bits !== (family === 4 ? 32 : 128)) return 'unloadable';
  return [part({ set: new AddressSet([block]), not: isNot })];
}

/** `lan`, `wanip`, `(self)`, the name of a group. */
function readWord(word: string, family: 4 | 6, isNot: boolean, context: Context): Endpoint {
  if (word === '(self)') return isNot ? notAny(context.own.all) : context.own.all;
  const group = context.interfaces.get(word)?.kind === 'group' ? context.interfaces.get(word) : undefined;
  const [, key = '', ip] = /^(wan|lan|opt\d+)(ip)?$/.exec(word) ?? [];
  // pfSense searches for `opt` anywhere in the name of a group as well.
  if (key === '' && word.includes('opt')) return [part({ unknown: [`networks of ${word}`] })];
  if (group !== undefined) return networksOf(group, family, isNot, context);
  const one = context.interfaces.get(key);
  if (key === '' || one === undefined) return 'missing';
  return ip === undefined ? networksOf(one, family, isNot, context) : ownAddress(one, family, isNot);
}

/** None of several parts, as one: parts of a match add up, so their opposites must not stand side by side. */
function notAny(match: AddressMatch): AddressMatch {
  const sets = match.flatMap(({ set }) => set.blocks);
  const doubt = match.find((one) => one.doubt !== null)?.doubt ?? null;
  return [part({ set: new AddressSet(sets), unknown: match.flatMap(({ unknown }) => unknown), doubt, not: true })];
}

function ownAddress(one: Interface, family: 4 | 6, isNot: boolean): Endpoint {
  const primary = family === 4 ? one.four : one.six;
  if (primary === 'none') return 'missing';
  if (primary === 'unknown') return [part({ unknown: [`address of ${one.name}`], not: isNot })];
  return [part({ set: AddressSet.of([primary.address]), not: isNot })];
}

function networksOf(one: Interface, family: 4 | 6, isNot: boolean, context: Context): Endpoint {
  const primary = family === 4 ? one.four : one.six;
  const needsOwn = one.kind !== 'group' && context.release !== '2.9';
  if (needsOwn && primary === 'none') return 'missing';
  const isWritten = family === 6 && context.release !== '2.9' && (one.key === 'wan' || one.key === 'lan');
  const virtual = isWritten || context.release !== '2.7' || family === 4 ? virtualOf(one, family) : [];
  const networks = [...(typeof primary === 'object' ? [primary] : []), ...virtual];
  const unknown = primary === 'unknown' ? [`networks of ${one.name}`] : [];
  if (networks.length === 0 && unknown.length === 0 && !hasTable(one, family, context)) {
    // No table is made for it; 2.9 leaves the rule out, others write a name that pf does not know.
    return context.release === '2.9' ? 'missing' : 'unloadable';
  }
  const parts = isWritten && isNot ? written(primary, networks, unknown) : undefined;
  return parts ?? [part({ set: setOf(networks), unknown, not: isNot })];
}

/** The table holds both families, so it exists when there is something of the other one. */
function hasTable(one: Interface, family: 4 | 6, { release }: Context): boolean {
  if (family === 6 || release !== '2.7') {
    const other = family === 4 ? one.six : one.four;
    if (other !== 'none') return true;
  }
  return one.virtual.some(({ address }) => release !== '2.7' || !address.includes(':'));
}

/** Written as `{ !a !b }`, which is everything that is not in one of them. */
function written(primary: Primary, networks: readonly Network[], unknown: readonly string[]): AddressPart[] {
  if (primary === 'unknown') return [part({ unknown, not: true })];
  return networks.map((network) => part({ set: setOf([network]), not: true }));
}

function setOf(networks: readonly Network[]): AddressSet {
  return AddressSet.of(networks.map(({ address, length }) => `${address}/${length}`));
}

function virtualOf({ virtual, four, six, kind }: Interface, family: 4 | 6): Network[] {
  const bits = family === 4 ? 32 : 128;
  const primary = family === 4 ? four : six;
  const own = typeof primary === 'object' ? setOf([primary]) : AddressSet.none;
  return virtual.filter(({ address }) => {
    const block = readBlock(address);
    if (block?.bits !== bits) return false;
    return kind === 'group' || !own.has({ value: block.first, bits });
  });
}
