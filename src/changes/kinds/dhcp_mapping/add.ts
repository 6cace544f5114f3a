import { defineKind } from '../../kind.ts';
import { isAlike, sectionIn } from '../fields.ts';
import { networkOfInterface } from '../static-ipv4.ts';
import { InterfaceKey, Mac, MappingContent } from './arguments.ts';
import { checkOptions } from './options.ts';
import { checkMapping, mappingFields, mappingsOf, withMappings } from './store.ts';

/** What pfSense's page writes for what nobody filled in. */
const EMPTY = Object.fromEntries(
  `mac cid ipaddr hostname descr filename rootpath defaultleasetime maxleasetime gateway domain domainsearchlist
   ddnsdomain ddnsdomainprimary ddnsdomainsecondary ddnsdomainkeyname ddnsdomainkeyalgorithm ddnsdomainkey tftp ldap
   nextserver filename32 filename64 filename32arm filename64arm uefihttpboot numberoptions`
    .split(/\s+/)
    .map((name) => [name, '']),
);

const ORDER = `mac cid ipaddr hostname descr arp_table_static_entry filename rootpath defaultleasetime maxleasetime
   winsserver dnsserver gateway domain domainsearchlist ddnsdomain ddnsdomainprimary ddnsdomainsecondary
   ddnsdomainkeyname ddnsdomainkeyalgorithm ddnsdomainkey ntpserver tftp ldap nextserver filename32 filename64
   filename32arm filename64arm uefihttpboot numberoptions`.split(/\s+/);

export default defineKind({
  id: 'dhcp_mapping.add',
  summary:
    'Give a client always the same IPv4 address, or settings of its own, by its MAC address or client identifier.',
  tier: 'durable',
  input: MappingContent.partial().extend({ interface: InterfaceKey, mac: Mac.optional() }),
  example: {
    interface: 'lan',
    mac: '00:11:22:33:44:55',
    ip: '192.168.1.20',
    hostname: 'nas',
    description: 'File server',
  },
  apply(config, { interface: key, ...args }) {
    networkOfInterface(config, key);
    const mapping = sectionIn(ORDER, { ...EMPTY, ...mappingFields(args) });
    const mappings = mappingsOf(config, key);
    if (mappings.some((other) => isAlike(other, mapping))) return config;
    checkMapping(config, key, mapping);
    checkOptions(config, key, mapping, args);
    return withMappings(config, key, [...mappings, mapping]);
  },
});
