import { defineKind } from '../../kind.ts';
import { overridesOf } from '../dns/service.ts';
import { withFields } from '../fields.ts';
import { HostContent, HostName, OneAddress } from './arguments.ts';
import { checkOnlyOne, hostFieldsOf, needHost, withHosts } from './store.ts';

export default defineKind({
  id: 'dns_host_override.update',
  summary: 'Change parts of a host override; what is not given stays.',
  tier: 'durable',
  input: HostName.extend({ ...HostContent.partial().shape, address: OneAddress.optional() }),
  example: { host: 'nas', domain: 'home.arpa', addresses: ['192.168.1.21'] },
  apply(config, { address, ...args }) {
    const fields = hostFieldsOf(args, args);
    const { override: old, index } = needHost(config, args, address, fields);
    const override = withFields(old, fields);
    if (override === old) return config;
    checkOnlyOne(config, args, override, index);
    return withHosts(config, args, overridesOf(config, args.service, 'hosts').with(index, override));
  },
});
