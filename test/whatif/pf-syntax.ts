import type { Family, PfAddress, PfPrefix } from './pf-address.ts';

export type Direction = 'in' | 'out';

/** Something in a rule that may stand behind `!`. */
export type Negatable<T> = T & { readonly not: boolean };

export type Host = Negatable<
  | { readonly kind: 'any' }
  | { readonly kind: 'prefix'; readonly prefix: PfPrefix }
  | { readonly kind: 'range'; readonly from: PfAddress; readonly to: PfAddress }
  | { readonly kind: 'table'; readonly name: string }
  /** Addresses of a device, of a group, or of all devices (`self`); `:network` and so on are modifiers. */
  | { readonly kind: 'device'; readonly name: string; readonly modifiers: readonly string[] }
>;

/** `from` and `to` are excluded where the operator says so; `outside` is everything but `from..to`. */
export type Ports =
  | { readonly kind: 'inside'; readonly from: number; readonly to: number }
  | { readonly kind: 'outside'; readonly from: number; readonly to: number };

/** One end of a packet: any of the hosts (none: every one), any of the ports (none: every one). */
export interface Side {
  readonly hosts: readonly Host[];
  readonly ports: readonly Ports[];
}

export type DeviceName = Negatable<{ readonly name: string }>;

/** What translation and filter rules have in common; an empty list means every one. */
export interface Conditions {
  readonly line: number;
  readonly devices: readonly DeviceName[];
  readonly family: Family | undefined;
  readonly protocols: readonly number[];
  readonly from: Side;
  readonly to: Side;
  readonly tagged: Negatable<{ readonly name: string }> | undefined;
  readonly tag: string | undefined;
}

export interface IcmpType {
  readonly type: number;
  readonly code: number | undefined;
}

export interface FilterRule extends Conditions {
  readonly kind: 'filter';
  readonly action: 'pass' | 'block' | 'match';
  /** `block return`, or `block return-rst` and the like. */
  readonly answers: boolean;
  readonly direction: Direction | undefined;
  readonly quick: boolean;
  readonly icmpTypes: readonly IcmpType[];
  /** TCP flags that must be set, among those that are looked at; undefined: not looked at. */
  readonly flags: { readonly set: string; readonly among: string } | undefined;
  readonly keepsState: boolean;
  readonly routeTo: string | undefined;
  readonly replyTo: string | undefined;
  /** Conditions that a packet here does not carry: `tos`, `prio`, `os`; the rule may match or not. */
  readonly unknownConditions: readonly string[];
  readonly ridentifier: string | undefined;
  readonly labels: readonly string[];
}

/** Where a translation leads: addresses, and ports (`from` alone: that port). */
export interface Target {
  readonly hosts: readonly Host[];
  readonly ports: { readonly from: number; readonly to: number | undefined; readonly open: boolean } | undefined;
  readonly options: readonly string[];
}

export interface TranslationRule extends Conditions {
  readonly kind: 'nat' | 'rdr' | 'binat';
  /** Undefined: `no nat`, `no rdr`, `no binat`. */
  readonly target: Target | undefined;
  readonly passes: boolean;
}

/** `antispoof for X`: two rules whose addresses are those of the device. */
export interface Antispoof {
  readonly kind: 'antispoof';
  readonly line: number;
  readonly quick: boolean;
  readonly devices: readonly DeviceName[];
  readonly family: Family | undefined;
  readonly ridentifier: string | undefined;
  readonly labels: readonly string[];
}

/** Rules that stand elsewhere, filled while the firewall runs. */
export interface Anchor {
  readonly kind: 'anchor' | 'nat-anchor' | 'rdr-anchor' | 'binat-anchor';
  readonly line: number;
  readonly name: string;
}

export interface Table {
  readonly entries: readonly Host[];
  readonly files: readonly string[];
}

export interface Ruleset {
  readonly tables: ReadonlyMap<string, Table>;
  /** Tables that rules name but nothing defines: empty when the rules are loaded. */
  readonly undefinedTables: ReadonlySet<string>;
  readonly skipped: readonly string[];
  readonly translations: readonly (TranslationRule | Anchor)[];
  readonly filters: readonly (FilterRule | Antispoof | Anchor)[];
}
