import { isInNetwork } from '../../../config/address.ts';
import { type ConfigSection, type ConfigTree, listAt, textAt } from '../../../config/model.ts';
import { refused } from '../../kind.ts';
import { has, isListenable, servesDhcp } from '../dns/check.ts';

export const ZONE_TYPES = [
  'deny',
  'refuse',
  'static',
  'transparent',
  'typetransparent',
  'redirect',
  'inform',
  'inform_deny',
  'nodefault',
] as const;

/**
 * Refuses what pfSense's page would not save.
 * @throws PfsenseError `bad_input`
 */
export function checkResolver(config: ConfigTree, resolver: ConfigSection): void {
  const [listens, asks] = ['active_interface', 'outgoing_interface'].map((key) => namesIn(textAt(resolver, key)));
  const isOnPort = (textAt(resolver, 'port') ?? '') === (textAt(config, 'dnsmasq/port') ?? '');
  const problems: [boolean, string][] = [
    [
      has(resolver, 'enable') && has(config, 'dnsmasq/enable') && isOnPort,
      'port: the DNS forwarder is on and uses this port; switch it off first, the same plan can do it.',
    ],
    [
      has(resolver, 'enablessl') && !hasCertificate(config, resolver),
      'certificate: there is no certificate of this id.',
    ],
    [has(resolver, 'forwarding') && !hasServers(config), 'forwarding: the system has no DNS servers to ask.'],
    [
      textAt(config, 'system/dnslocalhost') !== 'remote' && !listens?.some((name) => name === 'lo0' || name === 'all'),
      'interfaces: the firewall asks its own resolver, so that lo0 or all has to be among them.',
    ],
    [
      (has(resolver, 'regdhcp') || has(resolver, 'regdhcpstatic')) && !servesDhcp(config),
      'registerMappings, registerLeases: no interface serves DHCP.',
    ],
    [
      has(resolver, 'regdhcp') && textAt(resolver, 'system_domain_local_zone_type') === 'redirect',
      'systemDomainZone: redirect does not go with registerLeases.',
    ],
  ];
  const found = problems.find(([isWrong]) => isWrong);
  if (found !== undefined) throw refused(found[1]);
  for (const [argument, names] of Object.entries({ interfaces: listens, outgoingInterfaces: asks })) {
    const unknown = names?.find((name) => name !== 'all' && !isListenable(config, name));
    if (unknown !== undefined) throw refused(`${argument}: there is no ${unknown} to listen on or to ask from.`);
  }
}

/** Nothing chosen is all. */
function namesIn(text: string | undefined): string[] {
  return (text || 'all').split(',');
}

function hasCertificate(config: ConfigTree, resolver: ConfigSection): boolean {
  const id = textAt(resolver, 'sslcertref') ?? '';
  return listAt(config, 'cert').some((certificate) => textAt(certificate, 'refid') === id);
}

/** Servers that are written down; those that a provider hands out count where the firewall takes them. */
function hasServers(config: ConfigTree): boolean {
  const servers = listAt(config, 'system/dnsserver').filter((server) => typeof server === 'string');
  const isOutside = (server: string): boolean => !isInNetwork(server, '127.0.0.0/8') && server !== '::1';
  return has(config, 'system/dnsallowoverride') || servers.some((server) => server !== '' && isOutside(server));
}
