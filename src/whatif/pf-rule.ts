import { type AddressMatch, ANYWHERE, addressKey, holdsAddress, type TableLookup } from './addresses.ts';
import type { Passage } from './packet.ts';
import { hasPort, type PortMatch } from './ports.ts';
import { all, type Truth } from './truth.ts';

export type Action = 'pass' | 'block' | 'reject' | 'match';

/** Where a rule of pf comes from. `description` is text of whoever configured the firewall. */
export type Origin =
  | {
      readonly kind: 'user';
      readonly tracker: string;
      readonly description: string;
      /** Key of the tab of the GUI, `floating` for floating rules. */
      readonly tab: string;
      /** Place on the tab, from 1. */
      readonly position: number;
      readonly note?: 'negate';
    }
  | { readonly kind: 'hidden'; readonly name: string };

/** A rule as pf holds it, with its words resolved. */
export interface PfRule {
  readonly action: Action;
  readonly direction: 'in' | 'out' | 'any';
  readonly quick: boolean;
  /** What would have to be known for `quick` to end the search; empty: it does. */
  readonly quickUnless: readonly string[];
  /** Devices and groups; null: everywhere. */
  readonly on: readonly string[] | null;
  /** Everywhere but there. */
  readonly notOn: string | null;
  readonly family: 4 | 6 | null;
  readonly protocols: readonly string[] | null;
  readonly flags: { readonly set: string; readonly of: string } | null;
  readonly source: AddressMatch;
  readonly sourcePorts: PortMatch | null;
  readonly destination: AddressMatch;
  readonly destinationPorts: PortMatch | null;
  readonly icmpTypes: readonly number[] | null;
  readonly tagged: { readonly tag: string; readonly not: boolean } | null;
  readonly tag: string | null;
  /** Things that decide whether it is there or matches and that are not known. */
  readonly unless: readonly string[];
  readonly gateway: string | null;
  /** What else the GUI said that is not followed here, such as limits; empty: nothing. */
  readonly options: string;
  readonly origin: Origin;
}

const ANY: Omit<PfRule, 'origin'> = {
  action: 'pass',
  direction: 'any',
  quick: false,
  quickUnless: [],
  on: null,
  notOn: null,
  family: null,
  protocols: null,
  flags: null,
  source: ANYWHERE,
  sourcePorts: null,
  destination: ANYWHERE,
  destinationPorts: null,
  icmpTypes: null,
  tagged: null,
  tag: null,
  unless: [],
  gateway: null,
  options: '',
};

/** A rule that matches everything where nothing else is said. */
export function pfRule(given: Partial<PfRule> & Pick<PfRule, 'origin'>): PfRule {
  return { ...ANY, ...given };
}

/** Whether a packet meets a rule. */
export function matches(rule: PfRule, passage: Passage, tables: TableLookup): Truth {
  if (rule.direction !== 'any' && rule.direction !== passage.direction) return false;
  if (rule.family !== null && rule.family !== passage.family) return false;
  if (rule.protocols !== null && !rule.protocols.includes(passage.protocol)) return false;
  if (rule.flags !== null && passage.protocol === 'tcp' && !hasFlags(rule.flags, passage.tcpFlags)) return false;
  const there = isThere(rule, passage.links);
  if (there === false) return false;
  const ports = all([
    rule.destinationPorts === null || hasPort(rule.destinationPorts, passage.destinationPort),
    rule.sourcePorts === null || hasPort(rule.sourcePorts, passage.sourcePort),
  ]);
  if (ports === false) return false;
  const destination = holdsAddress(rule.destination, passage.destination, tables);
  if (destination === false) return false;
  const source = holdsAddress(rule.source, passage.source, tables);
  if (source === false) return false;
  return all([there, ports, destination, source, isOfType(rule, passage), isTagged(rule, passage), unlessOf(rule)]);
}

function unlessOf({ unless }: PfRule): Truth {
  return unless.length === 0 ? true : unless;
}

function hasFlags({ set, of }: { readonly set: string; readonly of: string }, flags: string): boolean {
  return [...of].every((flag) => set.includes(flag) === flags.includes(flag));
}

function isThere({ on, notOn }: PfRule, links: ReadonlySet<string> | null): Truth {
  if (on === null && notOn === null) return true;
  if (links === null) return ['interface it leaves by'];
  if (notOn !== null) return !links.has(notOn);
  return on?.some((name) => links.has(name)) ?? true;
}

function isOfType({ icmpTypes }: PfRule, { icmpType }: Passage): Truth {
  if (icmpTypes === null) return true;
  return icmpType === null ? ['ICMP type that was not named'] : icmpTypes.includes(icmpType);
}

function isTagged({ tagged }: PfRule, { tag }: Passage): Truth {
  if (tagged === null) return true;
  return tag === null ? [`tag ${tagged.tag}`] : (tag === tagged.tag) !== tagged.not;
}

/** A text that is equal for rules that do the same to every packet, wherever they come from. */
export function ruleKey(rule: PfRule): string {
  const { origin: _origin, source, destination, ...rest } = rule;
  return JSON.stringify([rest, addressKey(source), addressKey(destination)]);
}
