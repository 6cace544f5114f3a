import type { AddressSet, AddressValue } from '../../config/address-set.ts';
import type { TableLookup } from '../addresses.ts';
import type { Passage } from '../packet.ts';
import { matches, type PfRule } from '../pf-rule.ts';
import type { PortRange } from '../ports.ts';

/** Where a translation rule comes from. `description` is text of whoever configured the firewall. */
export interface NatOrigin {
  readonly kind: 'port forward' | '1:1' | 'npt' | 'outbound' | 'automatic outbound' | 'other';
  /** Place in its list of the GUI from 1; absent: pfSense makes it by itself. */
  readonly position?: number;
  readonly description: string;
}

/** What an address becomes: one address, the same place in another network, or something that is not known. */
export type Target =
  | { readonly kind: 'address'; readonly address: AddressValue }
  | { readonly kind: 'network'; readonly from: AddressSet; readonly to: AddressSet }
  | { readonly kind: 'unknown'; readonly name: string }
  /** The rule says that nothing is translated. */
  | { readonly kind: 'keep' };

export interface NatRule {
  /** What it matches; its action means nothing. */
  readonly when: PfRule;
  readonly targets: readonly Target[];
  /** Where the new port lies, of where the old one does. */
  readonly port: (port: PortRange) => PortRange;
  /** Lets the packet in without asking the filter. */
  readonly passes: boolean;
  readonly origin: NatOrigin;
}

/** One way a packet may go on. */
export interface Translation {
  /** undefined: not translated. */
  readonly rule: NatRule | undefined;
  readonly target: Target;
  /** Names of what would have to be known for it to be this one. */
  readonly unless: readonly string[];
}

const KEPT: Translation = { rule: undefined, target: { kind: 'keep' }, unless: [] };

/** The ways a packet may go on; the first is what happens when nothing unknown interferes. */
export function translationsOf(rules: readonly NatRule[], passage: Passage, tables: TableLookup): Translation[] {
  const doubtful: Translation[] = [];
  for (const rule of rules) {
    const truth = matches(rule.when, passage, tables);
    if (truth === false) continue;
    const unless = truth === true ? [] : truth;
    const found = rule.targets.map((target): Translation => ({ rule, target, unless }));
    if (truth === true) return [...found, ...doubtful];
    doubtful.push(...found);
  }
  return [KEPT, ...doubtful];
}

/** The rules that can have had a say: those that match or may, up to the first that does. */
export function relevantOf(rules: readonly NatRule[], passage: Passage, tables: TableLookup): NatRule[] {
  const found: NatRule[] = [];
  for (const rule of rules) {
    const truth = matches(rule.when, passage, tables);
    if (truth !== false) found.push(rule);
    if (truth === true) break;
  }
  return found;
}

/** The address after translation; null: not known. */
export function translated(target: Target, address: AddressValue | null): AddressValue | null {
  switch (target.kind) {
    case 'keep':
      return address;
    case 'address':
      return target.address;
    case 'unknown':
      return null;
    case 'network': {
      const [from] = target.from.blocks;
      const [to] = target.to.blocks;
      if (address === null || from === undefined || to === undefined || from.bits !== address.bits) return null;
      return { value: to.first + (address.value - from.first), bits: to.bits };
    }
  }
}
