import { domainToASCII } from 'node:url';
import { compareAddresses, isAddress } from '../../../config/address.ts';
import { readBlock } from '../../../config/address-block.ts';
import type { ConfigTree } from '../../../config/model.ts';
import { refused } from '../../kind.ts';
import { aliasesOf, aliasType, membersOf } from '../aliases.ts';
import { familyOf } from '../endpoint.ts';
import { portNumber } from '../port.ts';
import { SERVICE_NAMES } from '../service-names.ts';
import type { Member } from './arguments.ts';
import { addressesIn, networksIn } from './ranges.ts';

/** pfSense's own limit. */
export const MAX_MEMBERS = 5000;

/** The types whose members are written down; those of the others are downloaded. */
export type ListType = 'host' | 'network' | 'port';

/** A member as the configuration holds it, with its description. */
export interface Entry {
  readonly word: string;
  /** Absent: pfSense notes when the member came. */
  readonly detail?: string | undefined;
}

/** The alias that members are for. */
export interface Owner {
  readonly name: string;
  readonly type: ListType;
}

/**
 * Members as pfSense's page stores them: ranges and, for hosts, networks are spread out.
 * @throws PfsenseError `bad_input` naming the member
 */
export function entriesOf(config: ConfigTree, owner: Owner, members: readonly Member[]): Entry[] {
  const entries = members.flatMap((member, index) => {
    const { value, description } = typeof member === 'string' ? { value: member } : member;
    return wordsOf(config, owner, value, `members.${index}`).map((word) => ({
      word,
      detail: description || undefined,
    }));
  });
  checkCount(entries.length);
  return entries;
}

export function checkCount(count: number): void {
  if (count > MAX_MEMBERS) throw refused(`members: an alias holds ${MAX_MEMBERS} at most, these are ${count}.`);
}

function wordsOf(config: ConfigTree, owner: Owner, value: string, argument: string): string[] {
  if (/\s/.test(value)) throw refused(`${argument}: one member each, without blanks.`);
  if (aliasType(config, value) !== undefined || value === owner.name) return [nestable(config, owner, value, argument)];
  if (owner.type === 'port') return [portWord(value, argument)];
  const words = addressWords(owner.type, value, argument) ?? hostName(value);
  if (words === undefined)
    throw refused(`${argument}: neither an address, a network, a host name nor an alias of the same kind.`);
  return words;
}

function nestable(config: ConfigTree, { name, type }: Owner, value: string, argument: string): string {
  const inner = aliasType(config, value) ?? '';
  const isAddresses = type !== 'port' && (inner === 'host' || inner === 'network');
  const isList = type === 'network' && inner.includes('url');
  if (value === name || reaches(config, value, name)) throw refused(`${argument}: the alias would contain itself.`);
  if (inner === type || isAddresses || isList) return value;
  throw refused(`${argument}: an alias of type ${inner} cannot be in one of type ${type}.`);
}

/** Whether an alias contains another, at any depth. */
function reaches(config: ConfigTree, from: string, to: string): boolean {
  const members = new Map(aliasesOf(config).map((alias) => [String(alias['name']), membersOf(alias)]));
  const seen = new Set([from]);
  for (const name of seen) for (const member of members.get(name) ?? []) if (members.has(member)) seen.add(member);
  return seen.has(to);
}

function portWord(value: string, argument: string): string {
  const [from = '', to, ...more] = value.split(/[:-]/);
  const [first, last] = [portNumber(from), portNumber(to ?? from)];
  if (first !== undefined && last !== undefined && first <= last && more.length === 0)
    return to === undefined ? from : `${from}:${to}`;
  if (SERVICE_NAMES.has(value)) return value;
  throw refused(`${argument}: neither a port, a range such as 8000:8010 nor an alias of ports.`);
}

function addressWords(type: 'host' | 'network', value: string, argument: string): string[] | undefined {
  const [from = '', to] = value.split('-');
  if (to !== undefined && isAddress(from) && isAddress(to)) return rangeWords(type, [from, to], argument);
  if (value.includes('%') || readBlock(value) === undefined) return undefined;
  const [address = '', length] = value.split('/');
  if (length === undefined)
    return [type === 'host' ? address.toLowerCase() : `${address.toLowerCase()}${fullLength(address)}`];
  if (type === 'network') return [`${address.toLowerCase()}/${length}`];
  if (familyOf(value) === 'inet6') throw refused(`${argument}: a host alias takes no IPv6 networks; use type network.`);
  return spread(argument, value);
}

function fullLength(address: string): string {
  return familyOf(address) === 'inet' ? '/32' : '/128';
}

function rangeWords(type: 'host' | 'network', ends: [string, string], argument: string): string[] {
  if (ends.some((end) => familyOf(end) !== 'inet')) throw refused(`${argument}: ranges of IPv6 addresses do not work.`);
  const range = [...ends].sort(compareAddresses).join('-');
  return type === 'network' ? networksIn(range) : spread(argument, range);
}

function spread(argument: string, block: string): string[] {
  const addresses = addressesIn(block, MAX_MEMBERS);
  if (addresses !== undefined) return addresses;
  throw refused(`${argument}: too large to be spread into ${MAX_MEMBERS} hosts.`, 'Use an alias of type network.');
}

const LABEL = '[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?';
const HOST_NAME = new RegExp(`^(?:${LABEL}\\.)*${LABEL}\\.?$`, 'i');

function hostName(value: string): string[] | undefined {
  const ascii = /[^\x20-\x7e]/.test(value) ? domainToASCII(value) : value;
  const isNumber = /^[\d.]+$/.test(ascii);
  return HOST_NAME.test(ascii) && !isNumber && !/^[^.]*\.$/.test(ascii) ? [ascii.toLowerCase()] : undefined;
}
