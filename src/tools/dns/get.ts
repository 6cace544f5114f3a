import { z } from 'zod';
import { type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../config/model.ts';
import { fittingPage, pageInput, pageOutput } from '../page.ts';
import { defineTool } from '../tool.ts';
import { answerFor, domainOverrides, hostOverrides, Override } from './overrides.ts';
import { type DnsFacts, dnsGet } from './snippet.ts';

const Service = z.object({
  name: z.enum(['resolver', 'forwarder']),
  enabled: z.boolean(),
  running: z.boolean().nullable(),
  port: z.string(),
  settings: z.record(z.string(), z.string()).describe('As in config.xml; a switch that is on has an empty value'),
});

export default defineTool({
  name: 'pf_dns_get',
  title: 'DNS',
  description:
    'DNS resolver (unbound) and forwarder (dnsmasq): settings, which one answers, host and domain overrides, the DNS servers of the system. With name: what the overrides say for that name; it is not looked up (pf_diagnostic_run does).',
  toolset: 'services',
  effect: 'read',
  complexity: 'simple',
  isOpenWorld: false,
  input: z.strictObject({
    name: z.string().max(253).optional().describe('Host name, such as nas.lan'),
    text: z.string().max(100).optional().describe('Part of an override'),
    ...pageInput,
  }),
  output: z.object({
    services: z.array(Service),
    systemServers: z.array(
      z.object({ address: z.string(), gateway: z.string().nullable(), tlsName: z.string().nullable() }),
    ),
    inUse: z.array(z.string()).nullable().describe('Servers in resolv.conf now'),
    overrides: z.array(Override),
    answer: z.string().optional(),
    ...pageOutput,
  }),
  async run(args, { box, note }) {
    const facts = await box.call(dnsGet, {});
    const services = servicesOf(facts);
    const active = services.filter(({ enabled }) => enabled);
    if (facts.running === null) note('Only the configuration was read: what runs is unknown.');
    if (facts.running !== null && facts.resolvConf === null)
      note('resolv.conf could not be read: which servers the firewall itself asks is unknown.');
    if (active.length === 0) note('Neither resolver nor forwarder is enabled: overrides have no effect.');
    for (const { name, enabled, running } of services)
      if (enabled && running === false) note(`The ${name} is enabled but does not run.`);
    const all = (['unbound', 'dnsmasq'] as const).flatMap((service) => [
      ...hostOverrides(facts.hosts[service], service),
      ...domainOverrides(facts.domains[service], service),
    ]);
    const isOn = (override: z.output<typeof Override>) => active.some(({ name }) => name === override.service);
    const text = args.text?.toLowerCase();
    const answer = args.name === undefined ? undefined : answerFor(args.name, all.filter(isOn));
    const found = (answer?.by ?? all).filter(
      (override) => text === undefined || JSON.stringify(override).toLowerCase().includes(text),
    );
    const { part, facts: page } = fittingPage(found, args);
    return {
      services,
      systemServers: systemServers(facts.system),
      inUse:
        facts.resolvConf === null
          ? null
          : [...facts.resolvConf.matchAll(/^nameserver\s+(\S+)/gm)].map((m) => m[1] ?? ''),
      overrides: part,
      ...(answer ? { answer: answer.text } : {}),
      ...page,
    };
  },
});

function servicesOf({ unbound, dnsmasq, running }: DnsFacts): z.output<typeof Service>[] {
  return [
    service('resolver', unbound, running?.unbound ?? null),
    service('forwarder', dnsmasq, running?.dnsmasq ?? null),
  ];
}

function service(
  name: 'resolver' | 'forwarder',
  section: ConfigTree,
  running: boolean | null,
): z.output<typeof Service> {
  const settings = entriesAt(section, '').flatMap(([key, value]) =>
    typeof value === 'string' && SHOWN.has(key) ? [[key, value] as const] : [],
  );
  const enabled = treeAt(section, 'enable') !== undefined;
  return { name, enabled, running, port: textAt(section, 'port') || '53', settings: Object.fromEntries(settings) };
}

const SHOWN: ReadonlySet<string> = new Set(
  `active_interface outgoing_interface interface dnssec forwarding forward_tls_upstream regdhcp regdhcpstatic
   regovpnclients system_domain_local_zone_type strictout enablessl tlsport strict_order domain_needed
   no_private_reverse dhcpfirst hasCustomOptions`.split(/\s+/),
);

/** `dns1gw` and `dns1host` belong to the first server, and so on. */
function systemServers(system: ConfigTree) {
  return listAt(system, 'dnsserver').map((address, index) => {
    const gateway = textAt(system, `dns${index + 1}gw`);
    return {
      address: typeof address === 'string' ? address : '',
      gateway: gateway && gateway !== 'none' ? gateway : null,
      tlsName: textAt(system, `dns${index + 1}host`) || null,
    };
  });
}
