import { defineKind, refused } from '../../kind.ts';
import { overridesOf, withOverrides } from '../dns/service.ts';
import { isAlike, sectionIn } from '../fields.ts';
import { DomainContent, DomainName, Server } from './arguments.ts';
import { domainFieldsOf, domainsNamed, serverOf } from './store.ts';

const ORDER = ['domain', 'ip', 'descr', 'tls_hostname', 'forward_tls_upstream'];

export default defineKind({
  id: 'dns_domain_override.add',
  summary: 'Have queries for a domain answered by a server of its own; several servers are several overrides.',
  tier: 'durable',
  input: DomainName.extend({
    server: Server,
    ...DomainContent.partial().shape,
    description: DomainContent.shape.description.default(''),
  }),
  example: { domain: 'corp.example', server: '10.20.0.53', description: 'Head office' },
  apply(config, args) {
    const { domain, service, server } = args;
    const tlsHostname = service === 'resolver' ? (args.tlsHostname ?? '') : args.tlsHostname;
    const override = sectionIn(ORDER, { domain, ...domainFieldsOf(config, args, { ...args, tlsHostname }) });
    const twin = domainsNamed(config, args).find((one) => serverOf(args, one.override) === server);
    if (twin === undefined)
      return withOverrides(config, service, 'domainoverrides', [
        ...overridesOf(config, service, 'domainoverrides'),
        override,
      ]);
    if (isAlike(twin.override, override)) return config;
    throw refused(
      'server: this domain has an override with this server already.',
      'dns_domain_override.update changes it.',
    );
  },
});
