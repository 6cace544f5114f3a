import { canonicalAddress } from '../config/address.ts';
import { AddressSet, type AddressValue } from '../config/address-set.ts';
import type { TableFacts } from './facts.ts';
import { not, type Truth } from './truth.ts';

/** Some addresses of a rule. `any` holds all, else those of the set, of a table of pf, or that are not known. */
export interface AddressPart {
  readonly any: boolean;
  readonly not: boolean;
  readonly set: AddressSet;
  /** Table of pf whose contents the configuration does not say. */
  readonly table: string | null;
  /** What would have to be known where the set does not hold an address. */
  readonly unknown: readonly string[];
  /** Addresses that may or may not be meant. */
  readonly doubt: { readonly set: AddressSet; readonly name: string } | null;
}

/** The addresses of a rule: those of any of its parts. */
export type AddressMatch = readonly AddressPart[];

const EMPTY: AddressPart = { any: false, not: false, set: AddressSet.none, table: null, unknown: [], doubt: null };

export const ANYWHERE: AddressMatch = [{ ...EMPTY, any: true }];

/** A match of addresses and networks as texts. */
export function addressesIn(...texts: readonly string[]): AddressMatch {
  return [{ ...EMPTY, set: AddressSet.of(texts) }];
}

export function part(given: Partial<AddressPart>): AddressPart {
  return { ...EMPTY, ...given };
}

export function addressesInTable(table: string): AddressMatch {
  return [{ ...EMPTY, table }];
}

/** Whether an address is meant; `address` is null where it is not known. */
export function holdsAddress(match: AddressMatch, address: AddressValue | null, tables: TableLookup): Truth {
  const unknown: string[] = [];
  for (const one of match) {
    const truth = partHolds(one, address, tables);
    if (truth === true) return true;
    if (truth !== false) unknown.push(...truth);
  }
  return unknown.length === 0 ? false : unknown;
}

function partHolds(one: AddressPart, address: AddressValue | null, tables: TableLookup): Truth {
  if (one.any) return true;
  const held = address === null ? holdsAnything(one, tables) : one.set.has(address) || remaining(one, address, tables);
  return one.not ? not(held) : held;
}

/** Of an address that is not known: no only where nothing is held at all. */
function holdsAnything({ set, table, unknown, doubt }: AddressPart, tables: TableLookup): Truth {
  const isEmpty = set.blocks.length === 0 && unknown.length === 0 && doubt === null;
  const isEmptyTable = table === null || tables(table, null) === false;
  return isEmpty && isEmptyTable ? false : ['address after translation'];
}

function remaining({ table, unknown, doubt }: AddressPart, address: AddressValue, tables: TableLookup): Truth {
  if (doubt?.set.has(address)) return [doubt.name];
  const live = table === null ? false : tables(table, address);
  if (typeof live === 'boolean' && table !== null) return live;
  return unknown.length > 0 ? unknown : live;
}

const OWN_TABLES = new Set(['bogons', 'bogonsv6', 'snort2c', 'sshguard', 'virusprot']);

/** Whether a table of pf holds an address now; without one, whether it holds any. */
export type TableLookup = (table: string, address: AddressValue | null) => Truth;

/** `unused` are tables that nothing of the configuration fills. */
export function tableLookup(facts: TableFacts | undefined, unused: ReadonlySet<string>): TableLookup {
  if (facts === undefined) return (table) => (unused.has(table) ? false : [`table ${table}`]);
  const names = new Set(facts.names);
  const sets = new Map(Object.entries(facts.contents).map(([name, entries]) => [name, AddressSet.of(entries)]));
  const tests = new Map(Object.entries(facts.tests).map(([name, tested]) => [name, byAddress(tested)]));
  return (table, address) => {
    const set = sets.get(table);
    if (set !== undefined && address !== null) return set.has(address);
    if (set?.blocks.length === 0) return false;
    // pf takes its own tables for empty when they are missing; others come with the rules that are loaded next.
    if (!names.has(table)) return OWN_TABLES.has(table) ? false : [`table ${table}, which is not loaded`];
    const tested = address === null ? undefined : tests.get(table)?.get(addressText(address));
    return tested ?? (unused.has(table) ? false : [`table ${table}`]);
  };
}

function byAddress(tested: Readonly<Record<string, boolean>>): Map<string, boolean> {
  return new Map(Object.entries(tested).map(([address, isHeld]) => [canonicalAddress(address), isHeld]));
}

/** An address as people write it. */
export function addressText({ value, bits }: AddressValue): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  return canonicalAddress(groups.join(':'));
}

/** A text that is equal for matches that mean the same. */
export function addressKey(match: AddressMatch): string {
  return match
    .map(({ any, not: isNot, set, table, unknown, doubt }) => [any, isNot, set, table, unknown, doubt?.set].join('~'))
    .join('|');
}
