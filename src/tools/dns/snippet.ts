import { z } from 'zod';
import { type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../config/model.ts';
import { ConfigReply } from '../../pfsense/config-reply.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';

const Tree = ConfigReply;
const Both = z.object({ unbound: z.array(Tree), dnsmasq: z.array(Tree) });

const DnsFacts = z.object({
  unbound: Tree,
  dnsmasq: Tree,
  hosts: Both,
  domains: Both,
  system: Tree,
  /** null: only the configuration was asked. */
  running: z.object({ unbound: z.boolean(), dnsmasq: z.boolean() }).nullable(),
  resolvConf: z.string().nullable(),
});
export type DnsFacts = z.output<typeof DnsFacts>;

/** Everything about name resolution; the configuration says all but what runs. */
export const dnsGet = defineSnippet({
  id: 'dns/get',
  effect: 'read',
  complexity: 'simple',
  input: z.strictObject({}),
  output: DnsFacts,
  fromConfig: (config) => ({
    unbound: settings(config, 'unbound'),
    dnsmasq: settings(config, 'dnsmasq'),
    hosts: { unbound: [...listAt(config, 'unbound/hosts')], dnsmasq: [...listAt(config, 'dnsmasq/hosts')] },
    domains: {
      unbound: [...listAt(config, 'unbound/domainoverrides')],
      dnsmasq: [...listAt(config, 'dnsmasq/domainoverrides')],
    },
    system: treeAt(config, 'system') ?? {},
    running: null,
    resolvConf: null,
  }),
});

function settings(config: ConfigTree, section: string): ConfigTree {
  const hasCustomOptions = textAt(config, `${section}/custom_options`) ? 'yes' : 'no';
  return { ...Object.fromEntries(entriesAt(config, section)), hasCustomOptions };
}
