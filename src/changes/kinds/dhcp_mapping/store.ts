import { isInRange } from '../../../config/address.ts';
import { readBlock } from '../../../config/address-block.ts';
import { type ConfigSection, type ConfigTree, listAt, textAt, treeAt } from '../../../config/model.ts';
import { sectionOf, withTree } from '../../../config/update.ts';
import { notThere, refused } from '../../kind.ts';
import { type Fields, flag, given, withFields } from '../fields.ts';
import { networkOfInterface } from '../static-ipv4.ts';
import type { MappingContent } from './arguments.ts';
import { optionFields } from './options.ts';

export interface FoundMapping {
  readonly mapping: ConfigSection;
  readonly index: number;
}

export function mappingFields(content: MappingContent & { readonly mac?: string | undefined }): Fields {
  return {
    ...given('mac', content.mac),
    ...given('cid', content.clientId),
    ...given('ipaddr', content.ip),
    ...given('hostname', content.hostname),
    ...given('descr', content.description),
    ...flag('arp_table_static_entry', content.staticArp),
    ...optionFields(content),
  };
}

export function mappingsOf(config: ConfigTree, key: string): ConfigSection[] {
  return listAt(config, `dhcpd/${key}/staticmap`).map(sectionOf);
}

function isCalled(mapping: ConfigSection, id: string): boolean {
  const spellings = [id, id.toLowerCase().replaceAll('-', ':')];
  return idsOf(mapping).some((one) => spellings.includes(one));
}

/** Whom a mapping is for, and its address, in the spelling in which they are compared. */
function idsOf(mapping: ConfigSection): string[] {
  const [mac, cid, ip] = ['mac', 'cid', 'ipaddr'].map((name) => textAt(mapping, name) ?? '');
  return [mac?.toLowerCase() ?? '', cid ?? '', ip ?? ''].filter((id) => id !== '');
}

/**
 * The one mapping with this MAC address, client identifier or IP address; undefined when there is none.
 * @throws PfsenseError `bad_input` when several have it
 */
export function findMapping(config: ConfigTree, key: string, id: string): FoundMapping | undefined {
  const [found, ...others] = mappingsOf(config, key).flatMap((mapping, index) =>
    isCalled(mapping, id) ? [{ mapping, index }] : [],
  );
  if (others.length > 0)
    throw refused('mapping: several mappings have this address.', 'Take the MAC address or client identifier.');
  return found;
}

/**
 * The mapping to change; when it has its wanted identity already, the old one no longer tells it.
 * @throws PfsenseError `not_found`, `bad_input`
 */
export function needMapping(config: ConfigTree, key: string, id: string, wanted: Fields): FoundMapping {
  const found = findMapping(config, key, id);
  const renamed = ['mac', 'cid', 'ipaddr'].some((name) => wanted[name]);
  if (found !== undefined && !renamed && !isCalled(withFields(found.mapping, wanted), id))
    throw refused('mapping: it would lose what it is called by here.', 'Call it by its MAC address or what it keeps.');
  if (found !== undefined) return found;
  const done = mappingsOf(config, key).findIndex((mapping) => renamed && withFields(mapping, wanted) === mapping);
  const mapping = mappingsOf(config, key)[done];
  if (mapping !== undefined) return { mapping, index: done };
  throw notThere(`mapping: ${key} has no such mapping.`, 'pf_dhcp_list lists them; dhcp_mapping.add makes one.');
}

/**
 * Refuses what pfSense's page would not save.
 * @throws PfsenseError `bad_input`
 */
export function checkMapping(config: ConfigTree, key: string, mapping: ConfigSection, index?: number): void {
  const [mac, cid, ip] = ['mac', 'cid', 'ipaddr'].map((name) => textAt(mapping, name) || undefined);
  const others = mappingsOf(config, key).filter((_other, place) => place !== index);
  const isTaken = others.some(
    (other) =>
      (mac !== undefined && textAt(other, 'mac')?.toLowerCase() === mac.toLowerCase()) ||
      (cid !== undefined && textAt(other, 'cid') === cid),
  );
  const hasStaticArp = treeAt(mapping, 'arp_table_static_entry') !== undefined;
  const problems: [boolean, string][] = [
    [mac === undefined && cid === undefined, 'mac: it takes a MAC address or a client identifier.'],
    [isTaken, 'mac: another mapping is for this MAC address or client identifier.'],
    [hasStaticArp && (mac === undefined || ip === undefined), 'staticArp: it takes a MAC and an IP address.'],
    [
      ip === undefined && treeAt(config, `dhcpd/${key}/staticarp`) !== undefined,
      'ip: static ARP is on for this interface, so that every mapping needs an address.',
    ],
  ];
  const found = problems.find(([isWrong]) => isWrong);
  if (found !== undefined) throw refused(found[1]);
  if (ip !== undefined) checkAddress(config, key, ip);
}

function checkAddress(config: ConfigTree, key: string, ip: string): void {
  const network = networkOfInterface(config, key);
  const value = readBlock(ip)?.first ?? -1n;
  if (value <= network.first || value >= network.last)
    throw refused(`ip: ${ip} is not an address for a host in the network of ${key}.`);
  if (rangesOf(config, key).some(({ from, to }) => isInRange(ip, from, to)))
    throw refused(
      `ip: ${ip} lies in a range that the server hands out itself.`,
      'Take an address outside, or make the range smaller with dhcp_server.update.',
    );
}

/** The range of an interface and those of its further pools. */
export function rangesOf(config: ConfigTree, key: string): { from: string; to: string }[] {
  return [treeAt(config, `dhcpd/${key}`), ...listAt(config, `dhcpd/${key}/pool`)].map((server) => ({
    from: textAt(server ?? '', 'range/from') ?? '',
    to: textAt(server ?? '', 'range/to') ?? '',
  }));
}

/** Mappings are in the order of their addresses; those without one come first, as on pfSense. */
export function withMappings(config: ConfigTree, key: string, mappings: readonly ConfigSection[]): ConfigTree {
  const value = (mapping: ConfigSection): bigint => readBlock(textAt(mapping, 'ipaddr') ?? '')?.first ?? 0n;
  const sorted = [...mappings].sort((a, b) => Number(value(a) > value(b)) - Number(value(a) < value(b)));
  return withTree(config, ['dhcpd', key, 'staticmap'], sorted);
}
