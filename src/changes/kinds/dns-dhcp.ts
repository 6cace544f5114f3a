import type { ChangeKind } from '../kind.ts';
import mappingAdd from './dhcp_mapping/add.ts';
import mappingDelete from './dhcp_mapping/delete.ts';
import mappingUpdate from './dhcp_mapping/update.ts';
import serverUpdate from './dhcp_server/update.ts';
import domainOverrideAdd from './dns_domain_override/add.ts';
import domainOverrideDelete from './dns_domain_override/delete.ts';
import domainOverrideUpdate from './dns_domain_override/update.ts';
import forwarderUpdate from './dns_forwarder/update.ts';
import hostOverrideAdd from './dns_host_override/add.ts';
import hostOverrideDelete from './dns_host_override/delete.ts';
import hostOverrideUpdate from './dns_host_override/update.ts';
import resolverUpdate from './dns_resolver/update.ts';

/** Kinds that give clients addresses and names. */
export const DNS_DHCP_KINDS: readonly ChangeKind[] = [
  serverUpdate,
  mappingAdd,
  mappingUpdate,
  mappingDelete,
  resolverUpdate,
  forwarderUpdate,
  hostOverrideAdd,
  hostOverrideUpdate,
  hostOverrideDelete,
  domainOverrideAdd,
  domainOverrideUpdate,
  domainOverrideDelete,
];
