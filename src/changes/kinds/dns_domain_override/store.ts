import { type ConfigSection, type ConfigTree, entriesAt, listAt, textAt } from '../../../config/model.ts';
import { refused } from '../../kind.ts';
import { isServerAddress, overridesOf } from '../dns/service.ts';
import { type Fields, flag, given } from '../fields.ts';
import { isHostName } from '../host-names.ts';
import { portNumber } from '../port.ts';
import type { DomainContent, DomainName } from './arguments.ts';

export interface FoundDomain {
  readonly override: ConfigSection;
  readonly index: number;
}

interface Content extends DomainContent {
  readonly server?: string | undefined;
}

/**
 * Fields of an override, checked as the page of its service does.
 * @throws PfsenseError `bad_input`
 */
export function domainFieldsOf(config: ConfigTree, { service }: DomainName, content: Content): Fields {
  const { server, tls, tlsHostname, sourceAddress } = content;
  if (service === 'resolver' && sourceAddress !== undefined)
    throw refused('sourceAddress: only the forwarder asks from an address of its own.');
  if (service === 'forwarder' && (tls !== undefined || tlsHostname !== undefined))
    throw refused('tls: the forwarder asks without TLS.');
  if (server !== undefined && !(service === 'resolver' ? isResolverServer(server) : isForwarderServer(server)))
    throw refused(
      `server: ${service === 'resolver' ? 'neither an address nor address@port' : "neither an address nor '#' or '!'"}.`,
    );
  if (tlsHostname && !isHostName(tlsHostname)) throw refused('tlsHostname: not a host name.');
  if (sourceAddress && !ownAddresses(config).includes(sourceAddress))
    throw refused('sourceAddress: no interface of this firewall has this fixed address.');
  const source = sourceAddress ? `@${sourceAddress}` : '';
  return {
    ...given('ip', server === undefined ? undefined : `${server}${source}`),
    ...given('descr', content.description),
    ...given('tls_hostname', tlsHostname),
    ...flag('forward_tls_upstream', tls),
  };
}

function isResolverServer(text: string): boolean {
  const [address = '', port, ...more] = text.split('@');
  return isServerAddress(address) && more.length === 0 && (port === undefined || portNumber(port) !== undefined);
}

function isForwarderServer(text: string): boolean {
  return text === '#' || text === '!' || isServerAddress(text);
}

function ownAddresses(config: ConfigTree): string[] {
  const fixed = entriesAt(config, 'interfaces').flatMap(([, entry]) => [
    textAt(entry, 'ipaddr') ?? '',
    textAt(entry, 'ipaddrv6') ?? '',
  ]);
  const virtual = listAt(config, 'virtualip/vip').map((vip) => textAt(vip, 'subnet') ?? '');
  return [...fixed, ...virtual].filter(isServerAddress);
}

/** Overrides of a domain: each names one more server for it. */
export function domainsNamed(config: ConfigTree, { service, domain }: DomainName): FoundDomain[] {
  return overridesOf(config, service, 'domainoverrides').flatMap((override, index) =>
    textAt(override, 'domain') === domain ? [{ override, index }] : [],
  );
}

/** The server that an override names, without the address to ask from. */
export function serverOf({ service }: DomainName, override: ConfigSection): string {
  const ip = textAt(override, 'ip') ?? '';
  return service === 'forwarder' ? (ip.split('@')[0] ?? '') : ip;
}

/** The address that the forwarder asks from, where one is set. */
export function sourceOf({ service }: DomainName, override: ConfigSection): string | undefined {
  return service === 'forwarder' ? textAt(override, 'ip')?.split('@')[1] : undefined;
}

/**
 * The one override that is meant; undefined when there is none.
 * @throws PfsenseError `bad_input` when several are
 */
export function findDomain(config: ConfigTree, name: DomainName, server: string | undefined): FoundDomain | undefined {
  const [found, ...others] = domainsNamed(config, name).filter(
    ({ override }) => server === undefined || serverOf(name, override) === server,
  );
  if (others.length > 0)
    throw refused('server: several overrides are for this domain.', 'Say with `server` which one is meant.');
  return found;
}
