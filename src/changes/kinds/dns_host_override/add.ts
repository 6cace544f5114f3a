import { defineKind } from '../../kind.ts';
import { overridesOf } from '../dns/service.ts';
import { isAlike, sectionIn } from '../fields.ts';
import { HostContent, HostName } from './arguments.ts';
import { checkOnlyOne, hostFieldsOf, hostsNamed, withHosts } from './store.ts';

const ORDER = ['host', 'domain', 'ip', 'descr', 'aliases'];

export default defineKind({
  id: 'dns_host_override.add',
  summary: 'Answer queries for a name with an address of your own, at the DNS resolver or forwarder.',
  tier: 'durable',
  input: HostName.extend({
    ...HostContent.shape,
    description: HostContent.shape.description.default(''),
    aliases: HostContent.shape.aliases.default([]),
  }),
  example: {
    host: 'nas',
    domain: 'home.arpa',
    addresses: ['192.168.1.20'],
    description: 'File server',
    aliases: [{ host: 'files', domain: 'home.arpa' }],
  },
  apply(config, args) {
    const { host, domain, service } = args;
    const override = sectionIn(ORDER, { host, domain, ...hostFieldsOf(args, args) });
    if (hostsNamed(config, args).some((other) => isAlike(other.override, override))) return config;
    checkOnlyOne(config, args, override);
    return withHosts(config, args, [...overridesOf(config, service, 'hosts'), override]);
  },
});
