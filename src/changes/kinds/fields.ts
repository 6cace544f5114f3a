import { isDeepStrictEqual } from 'node:util';
import type { ConfigSection, ConfigTree } from '../../config/model.ts';

/** Keys of an object with what they are to be; undefined takes the key away. */
export type Fields = Readonly<Record<string, ConfigTree | undefined>>;

const FILTER_FLAGS =
  'disabled log quick allowopts disablereplyto nottagged tcpflags_any nopfsync nosync any not nordr nonat staticnatport nobinat';
const NETWORK_FLAGS =
  'enable blockpriv blockbogons monitor_disable action_disable nonlocalgateway dpinger_dont_add_static_route force_down noexpand';

const SERVICE_FLAGS =
  'arp_table_static_entry staticarp ignorebootp ignoreclientuids nonak forward_tls_upstream enablessl strictout dnssec forwarding regdhcp regdhcpstatic regovpnclients dhcpfirst strict_order domain_needed no_private_reverse strictbind';

/** Keys that say something by being there, in any object that the kinds handle. */
const FLAGS: ReadonlySet<string> = new Set([FILTER_FLAGS, NETWORK_FLAGS, SERVICE_FLAGS].join(' ').split(' '));

/** Keys that differ between two objects that do the same. */
const STAMPS: ReadonlySet<string> = new Set(['id', 'tracker', 'created', 'updated']);

export function given(key: string, value: ConfigTree | undefined): Fields {
  return value === undefined ? {} : { [key]: value };
}

/** A text whose key goes when it is empty. */
export function optionalText(key: string, value: string | undefined): Fields {
  return value === undefined ? {} : { [key]: value || undefined };
}

/** A presence flag: there and empty, or not there. */
export function flag(key: string, value: boolean | undefined): Fields {
  return value === undefined ? {} : { [key]: value ? '' : undefined };
}

/** A new object, its keys in the order given; those that it does not name come last. */
export function sectionIn(order: readonly string[], fields: Fields): ConfigSection {
  const place = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);
  return sectionFrom(Object.entries(fields).sort(([a], [b]) => place(a) - place(b)));
}

/**
 * An object with some keys changed, the very same one when nothing differs. An empty text and none are the same, and
 * whatever else the object has stays.
 */
export function withFields(section: ConfigSection, fields: Fields): ConfigSection {
  const changed = Object.entries(fields).filter(([key, value]) => !isSameField(key, section[key], value));
  return changed.length === 0 ? section : sectionFrom(Object.entries({ ...section, ...Object.fromEntries(changed) }));
}

/** Whether two objects differ in nothing but stamps. */
export function isAlike(left: ConfigSection, right: ConfigSection, defaults: Fields = {}): boolean {
  const keys = new Set([...Object.keys(left), ...Object.keys(right)].filter((key) => !STAMPS.has(key)));
  return [...keys].every((key) => isSameField(key, left[key] ?? defaults[key], right[key] ?? defaults[key]));
}

function isSameField(key: string, old: ConfigTree | undefined, wanted: ConfigTree | undefined): boolean {
  if (FLAGS.has(key)) return (old === undefined) === (wanted === undefined);
  return isDeepStrictEqual(old ?? '', wanted ?? '');
}

function sectionFrom(entries: readonly (readonly [string, ConfigTree | undefined])[]): ConfigSection {
  return Object.fromEntries(entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}
