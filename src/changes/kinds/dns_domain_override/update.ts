import { defineKind, notThere, refused } from '../../kind.ts';
import { overridesOf, withOverrides } from '../dns/service.ts';
import { withFields } from '../fields.ts';
import { DomainContent, DomainName, Server } from './arguments.ts';
import { domainFieldsOf, domainsNamed, findDomain, serverOf, sourceOf } from './store.ts';

export default defineKind({
  id: 'dns_domain_override.update',
  summary: 'Change parts of a domain override; what is not given stays.',
  tier: 'durable',
  input: DomainName.extend({
    server: Server.describe('The server it names now, where a domain has several overrides').optional(),
    newServer: Server.optional(),
    ...DomainContent.partial().shape,
  }),
  example: { domain: 'corp.example', newServer: '10.20.0.54' },
  apply(config, { server, newServer, ...args }) {
    const named = findDomain(config, args, server);
    // Done before, it is known by the new server alone.
    const found = named ?? (newServer === undefined ? undefined : findDomain(config, args, newServer));
    const none = notThere(`domain: the ${args.service} has no such override.`, 'pf_dns_get lists them.');
    if (found === undefined) throw none;
    const { override: old, index } = found;
    // Server and source are one text, so that either alone is completed by what is there.
    const isMoved = newServer !== undefined || args.sourceAddress !== undefined;
    const ends = {
      server: newServer ?? serverOf(args, old),
      sourceAddress: args.sourceAddress ?? sourceOf(args, old),
    };
    const override = withFields(old, domainFieldsOf(config, args, { ...args, ...(isMoved ? ends : {}) }));
    if (override === old) return config;
    if (named === undefined) throw none;
    const isTaken = domainsNamed(config, args).some(
      (other) => other.index !== index && serverOf(args, other.override) === serverOf(args, override),
    );
    if (isTaken) throw refused('newServer: another override of this domain names this server already.');
    const overrides = overridesOf(config, args.service, 'domainoverrides').with(index, override);
    return withOverrides(config, args.service, 'domainoverrides', overrides);
  },
});
