import { readBlock } from '../config/address-block.ts';
import { AddressSet } from '../config/address-set.ts';
import { type ConfigTree, listAt, textAt } from '../config/model.ts';
import type { PortRange } from './ports.ts';
import type { Release } from './release.ts';

/** What an alias means, as far as the configuration says it. */
export type AliasMeaning =
  | {
      readonly kind: 'addresses';
      readonly set: AddressSet;
      readonly unknown: readonly string[];
      readonly table: string | null;
    }
  | { readonly kind: 'ports'; readonly ranges: readonly PortRange[] }
  /** pfSense leaves out every rule that uses it. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'unknown'; readonly name: string };

/** Looks up an alias by name; undefined when there is none. */
export type Aliases = (name: string) => AliasMeaning | undefined;

/** Members that are followed for one alias; what has more is unknown rather than slow. */
const MAX_MEMBERS = 200_000;

/** Tables that pfSense fills by itself. */
const RESERVED = new Set([
  'bogons',
  'bogonsv6',
  'negate_networks',
  'snort2c',
  'sshguard',
  'tonatsubnets',
  'virusprot',
  'vpn_networks',
]);

/** Aliases by name, each worked out once and only when a rule asks for it. */
export function readAliases(config: ConfigTree, release: Release): Aliases {
  const raw = new Map<string, ConfigTree[]>();
  for (const alias of listAt(config, 'aliases/alias')) {
    const name = textAt(alias, 'name') ?? '';
    if (name !== '') raw.set(name, [...(raw.get(name) ?? []), alias]);
  }
  const done = new Map<string, AliasMeaning | undefined>();
  return (name) => {
    if (!done.has(name)) done.set(name, meaningOf(name, raw, release));
    return done.get(name);
  };
}

type Raw = ReadonlyMap<string, readonly ConfigTree[]>;

function meaningOf(name: string, raw: Raw, release: Release): AliasMeaning | undefined {
  if (RESERVED.has(name.toLowerCase()) || /^_.*_$/.test(name))
    return release === '2.7' && !raw.has(name) ? undefined : runtimeTable(name);
  const [alias, ...more] = raw.get(name) ?? [];
  if (alias === undefined) return undefined;
  if (more.length > 0) return { kind: 'unknown', name: `alias ${name}: there are several` };
  // pfSense takes a name of digits for a port.
  if (/^\d+$/.test(name)) return { kind: 'missing' };
  switch (textAt(alias, 'type')) {
    case 'url':
      return hasUrls(alias) ? addressesOf(name, raw) : { kind: 'missing' };
    case 'host':
    case 'network':
      return addressesOf(name, raw);
    case 'urltable':
      return runtimeTable(name);
    case 'url_ports':
      return hasUrls(alias) ? portsOf(name, raw) : { kind: 'missing' };
    case 'port':
      return portsOf(name, raw);
    default:
      return { kind: 'unknown', name: `alias ${name}: its contents are on the firewall` };
  }
}

function runtimeTable(name: string): AliasMeaning {
  return { kind: 'addresses', set: AddressSet.none, unknown: [], table: name };
}

function hasUrls(alias: ConfigTree): boolean {
  const urls = [...listAt(alias, 'aliasurl'), textAt(alias, 'url') ?? ''].filter((url) => url !== '');
  return urls.length > 0 && urls.every((url) => typeof url === 'string' && /^https?:\/\//i.test(url));
}

function addressesOf(name: string, raw: Raw): AliasMeaning {
  const blocks: string[] = [];
  const unknown = new Set<string>();
  let isDynamic = false;
  const isWhole = walk(name, raw, (member, type) => {
    if (type === 'urltable') unknown.add(`URL table in alias ${name}`);
    else if (readBlock(member) !== undefined && !member.includes('-')) blocks.push(member);
    else if (/^(?=.*[a-z])[a-z0-9._-]+\.?$/i.test(member)) isDynamic = true;
    else unknown.add(`odd member of alias ${name}`);
  });
  if (!isWhole) unknown.add(`alias ${name} is too large`);
  return {
    kind: 'addresses',
    set: AddressSet.of(blocks),
    unknown: [...unknown],
    // filterdns fills the table with what the names mean now.
    table: isDynamic || unknown.size > 0 ? name : null,
  };
}

function portsOf(name: string, raw: Raw): AliasMeaning {
  const ranges: PortRange[] = [];
  let isOdd = false;
  const isWhole = walk(name, raw, (member) => {
    const [, from = '', to = from] = /^(\d{1,5})(?:[:-](\d{1,5}))?$/.exec(member) ?? [];
    if (from === '') isOdd = true;
    else ranges.push([Number(from), Number(to)]);
  });
  if (isOdd || !isWhole) return { kind: 'unknown', name: `ports of alias ${name}` };
  // A macro without contents: pfSense leaves such rules out.
  return ranges.length === 0 ? { kind: 'missing' } : { kind: 'ports', ranges };
}

/** Shows the members of all nesting levels; each alias is walked once, so loops end. False: there are too many. */
function walk(top: string, raw: Raw, show: (member: string, type: string) => void): boolean {
  const seen = new Set([top]);
  const waiting = [top];
  let left = MAX_MEMBERS;
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const [alias] = raw.get(name) ?? [];
    for (const member of (alias ? (textAt(alias, 'address') ?? '') : '').split(/\s+/)) {
      if (member === '') continue;
      if (left-- <= 0) return false;
      const [inner] = raw.get(member) ?? [];
      const type = inner === undefined ? '' : (textAt(inner, 'type') ?? '');
      if (inner === undefined || type === 'urltable') show(member, type);
      else if (!seen.has(member)) {
        seen.add(member);
        waiting.push(member);
      }
    }
  }
  return true;
}
