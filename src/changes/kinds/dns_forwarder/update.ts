import { z } from 'zod';
import { type ConfigSection, type ConfigTree, textAt, treeAt } from '../../../config/model.ts';
import { sectionOf, withTree } from '../../../config/update.ts';
import { defineKind, refused } from '../../kind.ts';
import { has, isListenable, servesDhcp } from '../dns/check.ts';
import { flag, optionalText, withFields } from '../fields.ts';
import { plainText } from '../text.ts';

export default defineKind({
  id: 'dns_forwarder.update',
  summary:
    'Change settings of the DNS forwarder (dnsmasq); what is not given stays. Custom options are left to the GUI.',
  tier: 'durable',
  input: z.strictObject({
    enabled: z.boolean().optional(),
    port: z.union([z.literal('default'), z.int().min(1).max(65_535)]).optional(),
    interfaces: z
      .array(plainText(60).regex(/^\w+$/))
      .max(100)
      .describe('Where it listens: keys of interfaces, ids of virtual IPs, lo0; none is everywhere')
      .optional(),
    strictBinding: z.boolean().describe('Listen on these addresses alone').optional(),
    registerLeases: z.boolean().describe('Names of DHCP clients').optional(),
    registerMappings: z.boolean().describe('Names of static DHCP mappings').optional(),
    preferDhcpNames: z.boolean().describe('Names of DHCP before host overrides').optional(),
    inOrder: z.boolean().describe('Ask the servers one after the other').optional(),
    needsDomain: z.boolean().describe('Ask nobody about names without a dot').optional(),
    noPrivateReverse: z.boolean().describe('Ask nobody about names of private addresses').optional(),
  }),
  example: { enabled: true, port: 5353 },
  apply(config, args) {
    const old = sectionOf(treeAt(config, 'dnsmasq'));
    const port = args.port === 'default' ? '' : args.port?.toString();
    const forwarder = withFields(old, {
      ...flag('enable', args.enabled),
      ...flag('regdhcp', args.registerLeases),
      ...flag('regdhcpstatic', args.registerMappings),
      ...flag('dhcpfirst', args.preferDhcpNames),
      ...flag('strict_order', args.inOrder),
      ...flag('domain_needed', args.needsDomain),
      ...flag('no_private_reverse', args.noPrivateReverse),
      ...flag('strictbind', args.strictBinding),
      ...optionalText('port', port),
      ...optionalText('interface', args.interfaces?.join(',')),
    });
    if (forwarder === old) return config;
    checkForwarder(config, forwarder);
    return withTree(config, ['dnsmasq'], forwarder);
  },
});

function checkForwarder(config: ConfigTree, forwarder: ConfigSection): void {
  const isOnPort = (textAt(forwarder, 'port') ?? '') === (textAt(config, 'unbound/port') ?? '');
  if (has(forwarder, 'enable') && has(config, 'unbound/enable') && isOnPort)
    throw refused('port: the DNS resolver is on and uses this port; switch it off first, the same plan can do it.');
  if (['regdhcp', 'regdhcpstatic', 'dhcpfirst'].some((name) => has(forwarder, name)) && !servesDhcp(config))
    throw refused('registerMappings, registerLeases, preferDhcpNames: no interface serves DHCP.');
  const names = (textAt(forwarder, 'interface') ?? '').split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !isListenable(config, name));
  if (unknown !== undefined) throw refused(`interfaces: there is no ${unknown} to listen on.`);
}
