import { z } from 'zod';
import { treeAt } from '../../../config/model.ts';
import { sectionOf, withTree } from '../../../config/update.ts';
import { defineKind } from '../../kind.ts';
import { flag, given, withFields } from '../fields.ts';
import { plainText } from '../text.ts';
import { checkResolver, ZONE_TYPES } from './check.ts';

const Interfaces = z.array(plainText(60).regex(/^\w+$/)).min(1).max(100);
const Port = z.int().min(1).max(65_535);

export default defineKind({
  id: 'dns_resolver.update',
  summary:
    'Change general settings of the DNS resolver (Unbound); what is not given stays. Custom options are left to the GUI.',
  tier: 'durable',
  input: z.strictObject({
    enabled: z.boolean().optional(),
    port: z.union([z.literal('default'), Port]).optional(),
    interfaces: Interfaces.describe('Where it listens: keys of interfaces, ids of virtual IPs, lo0, or all').optional(),
    outgoingInterfaces: Interfaces.describe('From where it asks: as interfaces').optional(),
    strictOutgoing: z.boolean().describe('Ask nobody while none of the outgoing interfaces is up').optional(),
    dnssec: z.boolean().optional(),
    forwarding: z.boolean().describe("Ask the system's DNS servers instead of the root").optional(),
    forwardTls: z.boolean().describe('Ask those by TLS').optional(),
    registerLeases: z.boolean().describe('Names of DHCP clients').optional(),
    registerMappings: z.boolean().describe('Names of static DHCP mappings').optional(),
    registerVpnClients: z.boolean().describe('Names of OpenVPN clients').optional(),
    systemDomainZone: z.enum(ZONE_TYPES).describe("Type of the local zone for the system's domain").optional(),
    tlsService: z.boolean().describe('Answer by TLS as well').optional(),
    tlsPort: z.union([z.literal('default'), Port]).optional(),
    certificate: plainText(60).describe('Id (refid) of the certificate for TLS').optional(),
  }),
  example: { dnssec: true, registerMappings: true },
  apply(config, args) {
    const old = sectionOf(treeAt(config, 'unbound'));
    const resolver = withFields(old, {
      ...flag('enable', args.enabled),
      ...flag('enablessl', args.tlsService),
      ...port('port', args.port),
      ...port('tlsport', args.tlsPort),
      ...given('sslcertref', args.certificate),
      ...flag('strictout', args.strictOutgoing),
      ...flag('dnssec', args.dnssec),
      ...flag('forwarding', args.forwarding),
      ...flag('forward_tls_upstream', args.forwardTls),
      ...flag('regdhcp', args.registerLeases),
      ...flag('regdhcpstatic', args.registerMappings),
      ...flag('regovpnclients', args.registerVpnClients),
      ...given('active_interface', args.interfaces?.join(',')),
      ...given('outgoing_interface', args.outgoingInterfaces?.join(',')),
      ...given('system_domain_local_zone_type', args.systemDomainZone),
    });
    if (resolver === old) return config;
    checkResolver(config, resolver);
    return withTree(config, ['unbound'], resolver);
  },
});

function port(key: string, value: number | 'default' | undefined) {
  return given(key, value === undefined ? undefined : value === 'default' ? '' : String(value));
}
