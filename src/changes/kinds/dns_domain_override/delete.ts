import { defineKind } from '../../kind.ts';
import { overridesOf, withOverrides } from '../dns/service.ts';
import { DomainName, Server } from './arguments.ts';
import { findDomain } from './store.ts';

export default defineKind({
  id: 'dns_domain_override.delete',
  summary: 'Delete a domain override.',
  tier: 'durable',
  input: DomainName.extend({
    server: Server.describe('The server it names, where a domain has several overrides').optional(),
  }),
  example: { domain: 'corp.example' },
  apply(config, { server, ...name }) {
    const found = findDomain(config, name, server);
    if (found === undefined) return config;
    const domains = overridesOf(config, name.service, 'domainoverrides').toSpliced(found.index, 1);
    return withOverrides(config, name.service, 'domainoverrides', domains);
  },
});
