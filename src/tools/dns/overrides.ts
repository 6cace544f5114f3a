import { z } from 'zod';
import { type ConfigTree, listAt, textAt, treeAt } from '../../config/model.ts';

export const Override = z.object({
  kind: z.enum(['host', 'domain']),
  service: z.enum(['resolver', 'forwarder']),
  name: z.string(),
  /** Addresses of a host, or servers that are asked for a domain. */
  to: z.array(z.string()).describe('host: its addresses; domain: the servers asked'),
  aliases: z.array(z.string()).optional(),
  overTls: z.boolean().optional(),
  description: z.string().optional(),
});
export type Override = z.output<typeof Override>;

const SERVICES = { unbound: 'resolver', dnsmasq: 'forwarder' } as const;

export function hostOverrides(hosts: readonly ConfigTree[], service: keyof typeof SERVICES): Override[] {
  return hosts.map((entry) => {
    const aliases = listAt(entry, 'aliases/item')
      .map(fullName)
      .filter((name) => name !== '');
    return {
      kind: 'host',
      service: SERVICES[service],
      name: fullName(entry),
      to: (textAt(entry, 'ip') ?? '')
        .split(',')
        .map((ip) => ip.trim())
        .filter((ip) => ip !== ''),
      ...(aliases.length > 0 ? { aliases } : {}),
      ...description(entry),
    };
  });
}

/** Several entries of one domain are several servers for it. */
export function domainOverrides(domains: readonly ConfigTree[], service: keyof typeof SERVICES): Override[] {
  const byName = new Map<string, Override>();
  for (const entry of domains) {
    const name = (textAt(entry, 'domain') ?? '').toLowerCase();
    const known = byName.get(name);
    const server = textAt(entry, 'ip') ?? '';
    byName.set(name, {
      kind: 'domain',
      service: SERVICES[service],
      name,
      to: [...(known?.to ?? []), SPECIAL.get(server) ?? server],
      ...(treeAt(entry, 'forward_tls_upstream') === undefined ? {} : { overTls: true }),
      ...description(entry),
    });
  }
  return [...byName.values()];
}

/** The forwarder's words for "never ask others" and "ask the usual servers after all". */
const SPECIAL: ReadonlyMap<string, string> = new Map([
  ['#', 'the usual servers'],
  ['!', 'nobody: answered locally only'],
]);

function fullName(entry: ConfigTree): string {
  return [textAt(entry, 'host'), textAt(entry, 'domain')]
    .filter((part) => part)
    .join('.')
    .toLowerCase();
}

function description(entry: ConfigTree) {
  const text = textAt(entry, 'descr');
  return text ? { description: text } : {};
}

/** What the overrides say for a name: a host first, else the longest domain that it ends in. */
export function answerFor(name: string, overrides: readonly Override[]): { text: string; by: Override[] } {
  const wanted = name.toLowerCase().replace(/\.$/, '');
  const hosts = overrides.filter(
    ({ kind, name: own, aliases }) => kind === 'host' && [own, ...(aliases ?? [])].includes(wanted),
  );
  if (hosts.length > 0)
    return { text: `${wanted} is ${hosts.flatMap(({ to }) => to).join(', ')} by host override.`, by: hosts };
  const domains = overrides
    .filter(({ kind, name: own }) => kind === 'domain' && (wanted === own || wanted.endsWith(`.${own}`)))
    .sort((a, b) => b.name.length - a.name.length);
  const [best] = domains;
  if (best) return { text: `${wanted} is asked of ${best.to.join(', ')} by domain override ${best.name}.`, by: [best] };
  return { text: `No override is about ${wanted}: it is resolved as any other name.`, by: [] };
}
