import { parseAddress } from '../../../config/address.ts';
import { type ConfigSection, type ConfigTree, textAt } from '../../../config/model.ts';
import { notThere, refused } from '../../kind.ts';
import { overridesOf, withOverrides } from '../dns/service.ts';
import { type Fields, given, withFields } from '../fields.ts';
import type { HostContent, HostName } from './arguments.ts';

export interface FoundHost {
  readonly override: ConfigSection;
  readonly index: number;
}

export function hostFieldsOf({ service }: HostName, { addresses, aliases, description }: HostContent): Fields {
  if (service === 'forwarder' && addresses !== undefined && addresses.length > 1)
    throw refused('addresses: the forwarder takes one address for a name.', 'Make one override for each family.');
  const items = aliases?.map((alias) => ({ host: alias.host, domain: alias.domain, description: alias.description }));
  return {
    ...given('ip', addresses?.join(',')),
    ...given('descr', description),
    ...given('aliases', items && (items.length === 0 ? '' : { item: items })),
  };
}

/** Overrides with this name; of two, one is for IPv4 and one for IPv6, or they have lists of addresses. */
export function hostsNamed(config: ConfigTree, { service, host, domain }: HostName): FoundHost[] {
  return overridesOf(config, service, 'hosts').flatMap((override, index) =>
    (textAt(override, 'host') ?? '') === host && textAt(override, 'domain') === domain ? [{ override, index }] : [],
  );
}

/**
 * The one override that is meant; undefined when there is none.
 * @throws PfsenseError `bad_input` when several are
 */
export function findHost(config: ConfigTree, name: HostName, address: string | undefined): FoundHost | undefined {
  const [found, ...others] = hostsNamed(config, name).filter(
    ({ override }) => address === undefined || addressesOf(override).includes(address),
  );
  if (others.length > 0)
    throw refused('address: several overrides have this name.', 'Say with `address` which one is meant.');
  return found;
}

/**
 * The override to change; when it has the wanted content already, its old address no longer tells it.
 * @throws PfsenseError `not_found`, `bad_input`
 */
export function needHost(config: ConfigTree, name: HostName, address: string | undefined, wanted: Fields): FoundHost {
  const found =
    findHost(config, name, address) ??
    hostsNamed(config, name).find(({ override }) => wanted['ip'] && withFields(override, wanted) === override);
  if (found !== undefined) return found;
  throw notThere(
    `host: the ${name.service} has no such override.`,
    'pf_dns_get lists them; dns_host_override.add makes one.',
  );
}

/**
 * Refuses a second override of a name for the same family of addresses, as pfSense's pages do.
 * @throws PfsenseError `bad_input`
 */
export function checkOnlyOne(config: ConfigTree, name: HostName, override: ConfigSection, index?: number): void {
  const family = familyOf(override);
  const twin = hostsNamed(config, name).find(
    (other) => other.index !== index && family !== undefined && familyOf(other.override) === family,
  );
  if (twin !== undefined)
    throw refused(`host: there is an override of this name with an ${family} address already.`, 'Change that one.');
}

/** The resolver's page keeps its overrides in the order of the host names, the forwarder's as they came. */
export function withHosts(config: ConfigTree, { service }: HostName, hosts: readonly ConfigSection[]): ConfigTree {
  const name = (one: ConfigSection): string => (textAt(one, 'host') ?? '').toLowerCase();
  const inOrder = (a: ConfigSection, b: ConfigSection): number => Number(name(a) > name(b)) - Number(name(a) < name(b));
  return withOverrides(config, service, 'hosts', service === 'resolver' ? [...hosts].sort(inOrder) : hosts);
}

function addressesOf(override: ConfigSection): string[] {
  return (textAt(override, 'ip') ?? '').split(',');
}

/** Of a list of addresses pfSense says no family, and so never finds a second one. */
function familyOf(override: ConfigSection): string | undefined {
  const kind = parseAddress(textAt(override, 'ip') ?? '')?.kind();
  return kind === undefined ? undefined : { ipv4: 'IPv4', ipv6: 'IPv6' }[kind];
}
