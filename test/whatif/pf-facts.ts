import {
  isInPrefix,
  lastOf,
  type PfAddress,
  type PfPrefix,
  prefixOf,
  readPfAddress,
  readPfPrefix,
} from './pf-address.ts';
import type { DeviceName, Host } from './pf-syntax.ts';

/** What rules refer to without saying it: the firewall's devices, its files and tables that fill while it runs. */
export interface Facts {
  readonly devices: Readonly<Record<string, DeviceFacts>>;
  /** Text of files that tables name, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Members of tables beyond those the rules give, by name of the table. */
  readonly tables?: Readonly<Record<string, readonly string[]>>;
  /** Whether the kernel ends the search at `match quick`; without this, both are followed. */
  readonly endsAtMatch?: boolean;
}

export interface DeviceFacts {
  /** Addresses with the length of their network: `192.0.2.1/24`, `fe80::1%em0/64`. */
  readonly addresses: readonly string[];
  /** Interface groups that the device is a member of. */
  readonly groups: readonly string[];
  readonly loopback?: true;
}

/** Something that the rules name and that the facts do not hold. */
export class MissingFact extends Error {}

export interface DeviceAddress {
  readonly address: PfAddress;
  readonly network: PfPrefix;
  /** An IPv6 address that means something on its own device only. */
  readonly linkLocal: boolean;
}

export function addressesOf(device: DeviceFacts): DeviceAddress[] {
  return device.addresses.map((text) => {
    const [address = '', bits = ''] = text.split('/');
    const found = readPfAddress(address);
    if (!found || !/^\d+$/.test(bits)) throw new MissingFact(`address ${text} of a device cannot be read`);
    return { address: found, network: prefixOf(found, Number(bits)), linkLocal: isLinkLocal(found) };
  });
}

function isLinkLocal(address: PfAddress): boolean {
  return address.family === 'inet6' && address.value >> 118n === 0b1111111010n;
}

/** Whether `on name` holds for a device: its own name or a group that it is a member of. */
export function isOn(facts: Facts, device: string, { name, not }: DeviceName): boolean {
  const found = facts.devices[device];
  if (!found) throw new MissingFact(`device ${device} of a packet is not known`);
  return (name === device || found.groups.includes(name)) !== not;
}

/** Networks that a device's name stands for as an address; those of all members where it names a group. */
export function networksOf(facts: Facts, host: Host & { readonly kind: 'device' }): PfPrefix[] {
  return devicesNamed(facts, host.name)
    .flatMap(addressesOf)
    .map(({ address, network }) => {
      if (host.modifiers.includes('network')) return network;
      return prefixOf(
        host.modifiers.includes('broadcast') ? lastOf(network) : address,
        address.family === 'inet' ? 32 : 128,
      );
    });
}

function devicesNamed(facts: Facts, name: string): DeviceFacts[] {
  if (name === 'self') return Object.values(facts.devices);
  const own = facts.devices[name];
  const members = Object.values(facts.devices).filter(({ groups }) => groups.includes(name));
  if (!own && members.length === 0) throw new MissingFact(`device or group ${name} is not known`);
  return own ? [own] : members;
}

/** Members of a table from a file: one on a line, with comments. */
export function entriesOfFile(facts: Facts, path: string): Host[] {
  const text = facts.files[path];
  if (text === undefined) throw new MissingFact(`file ${path} is not known`);
  return text
    .split('\n')
    .map((line) => line.replace(/[#;].*/, '').trim())
    .filter((line) => line !== '')
    .map(readEntry);
}

export function readEntry(text: string): Host {
  const not = text.startsWith('!');
  const prefix = readPfPrefix(not ? text.slice(1).trim() : text);
  if (!prefix) throw new MissingFact('a member of a table cannot be read');
  return { not, kind: 'prefix', prefix };
}

/** The narrowest member that covers an address decides; a negated one says no. */
export function isInTable(facts: Facts, entries: readonly Host[], address: PfAddress): boolean {
  const covering = entries
    .flatMap((host) => prefixesOf(facts, host).map((prefix) => ({ prefix, not: host.not })))
    .filter(({ prefix }) => isInPrefix(address, prefix))
    .sort((left, right) => right.prefix.bits - left.prefix.bits);
  return covering[0]?.not === false;
}

function prefixesOf(facts: Facts, host: Host): PfPrefix[] {
  if (host.kind === 'prefix') return [host.prefix];
  if (host.kind === 'device') return networksOf(facts, host);
  throw new MissingFact('a member of a table that is no network');
}
