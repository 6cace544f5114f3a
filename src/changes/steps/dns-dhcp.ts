import { isDeepStrictEqual } from 'node:util';
import { type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../config/model.ts';
import type { StepRule } from '../steps.ts';

/** A service that is off before and after is left alone. */
const isOn =
  (path: string) =>
  (...configs: ConfigTree[]): boolean =>
    configs.some((config) => treeAt(config, `${path}/enable`) !== undefined);

const servesDhcp = (...configs: ConfigTree[]): boolean =>
  configs.some((config) => entriesAt(config, 'dhcpd').some(([, server]) => treeAt(server, 'enable') !== undefined));

/** Whether names that DHCP gives out are known to a DNS service: Kea has settings of its own for that, by interface. */
const registersNames = (section: string, config: ConfigTree): boolean =>
  treeAt(config, 'dhcpbackend') === 'kea' ||
  ['regdhcp', 'regdhcpstatic'].some((flag) => treeAt(config, `${section}/${flag}`) !== undefined);

function nameSteps(name: string, section: string): StepRule[] {
  const runs = isOn(section);
  return [
    { name, paths: [section], when: runs },
    {
      name,
      paths: ['dhcpd'],
      when: (...configs) => runs(...configs) && configs.some((config) => registersNames(section, config)),
    },
  ];
}

/** The DHCP server tells its clients this firewall as their DNS server while one of the DNS services is on. */
export const DNS_DHCP_STEPS: readonly StepRule[] = [
  ...nameSteps('resolver', 'unbound'),
  ...nameSteps('forwarder', 'dnsmasq'),
  { name: 'dhcp', paths: ['dhcpd', 'unbound/enable', 'dnsmasq/enable'], when: servesDhcp },
  {
    name: 'static_arp',
    paths: ['dhcpd/*/staticmap'],
    when: (base, candidate) => !isDeepStrictEqual(fixedPairs(base), fixedPairs(candidate)),
  },
];

function fixedPairs(config: ConfigTree): string[] {
  return entriesAt(config, 'dhcpd')
    .flatMap(([, server]) => listAt(server, 'staticmap'))
    .filter((mapping) => treeAt(mapping, 'arp_table_static_entry') !== undefined)
    .map((mapping) => `${textAt(mapping, 'ipaddr')} ${textAt(mapping, 'mac')}`);
}
