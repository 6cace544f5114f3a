import { defineKind } from '../../kind.ts';
import { overridesOf, withOverrides } from '../dns/service.ts';
import { HostName, OneAddress } from './arguments.ts';
import { findHost } from './store.ts';

export default defineKind({
  id: 'dns_host_override.delete',
  summary: 'Delete a host override with all its aliases.',
  tier: 'durable',
  input: HostName.extend({ address: OneAddress.optional() }),
  example: { host: 'nas', domain: 'home.arpa' },
  apply(config, { address, ...name }) {
    const found = findHost(config, name, address);
    if (found === undefined) return config;
    const hosts = overridesOf(config, name.service, 'hosts').toSpliced(found.index, 1);
    return withOverrides(config, name.service, 'hosts', hosts);
  },
});
