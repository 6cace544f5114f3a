import { z } from 'zod';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { defineTool } from '../tool.ts';

/** PHP encodes an empty map as a list. */
const Texts = z.record(z.string(), z.string()).or(z.array(z.never()).transform((): Record<string, string> => ({})));

const haStatus = defineSnippet({
  id: 'ha/status',
  effect: 'read',
  complexity: 'interface',
  input: z.strictObject({}),
  output: z.object({
    vips: z.array(z.object({ state: z.string().nullable() }).catchall(z.string().nullable())),
    allow: z.int().nullable(),
    demotion: z.int().nullable(),
    preempt: z.int().nullable(),
    isMaintenance: z.boolean(),
    pfsyncState: z.string().nullable(),
    sync: Texts,
    sections: z.array(z.string()),
    interfaces: Texts,
  }),
});

const Vip = z.object({
  address: z.string(),
  interface: z.string(),
  vhid: z.int(),
  state: z.string().nullable().describe('MASTER, BACKUP, INIT; absent: configured, but not on the interface'),
  advskew: z.int(),
  description: z.string(),
});

export default defineTool({
  name: 'pf_ha_status',
  title: 'High availability',
  description:
    'CARP addresses with MASTER or BACKUP, demotion, maintenance mode, pfsync, and what is synchronised to the peer. No passwords. Ask both nodes to know whether they agree.',
  toolset: 'system',
  effect: 'read',
  complexity: 'interface',
  isOpenWorld: false,
  input: z.strictObject({}),
  output: z.object({
    configured: z.boolean(),
    role: z.enum(['master', 'backup', 'mixed', 'none']).nullable(),
    carp: z.enum(['enabled', 'disabled']).nullable(),
    demotion: z.int().nullable().describe('Above 0 this node gives up being master'),
    preempt: z.boolean().nullable(),
    maintenance: z.boolean(),
    addresses: z.array(Vip),
    stateSync: z.object({
      enabled: z.boolean(),
      interface: z.string().nullable(),
      peer: z.string().nullable(),
      state: z.string().nullable(),
    }),
    configSync: z.object({ to: z.string().nullable(), user: z.string().nullable(), sections: z.array(z.string()) }),
  }),
  async run(_args, { box, note }) {
    const facts = await box.call(haStatus, {});
    const named = (id: string): string => facts.interfaces[id] || id.toUpperCase();
    const addresses = facts.vips.map((vip) => ({
      address: `${vip['subnet'] ?? ''}/${vip['subnet_bits'] ?? ''}`,
      interface: named(vip['interface'] ?? ''),
      vhid: Number(vip['vhid'] ?? 0),
      state: vip.state,
      advskew: Number(vip['advskew'] ?? 0),
      description: vip['descr'] ?? '',
    }));
    const { sync } = facts;
    const isSyncing = sync['pfsyncenabled'] === 'on';
    const configured = addresses.length > 0 || isSyncing || Boolean(sync['synchronizetoip']);
    if (facts.pfsyncState === null) note('ifconfig failed: states of CARP addresses and of pfsync are unknown.');
    if (facts.allow === null) note('The kernel did not say whether CARP is allowed and demoted.');
    if (!configured) note('High availability is not configured on this firewall.');
    if (facts.isMaintenance) note('This node is in persistent CARP maintenance mode.');
    if ((facts.demotion ?? 0) > 0) note('CARP is demoted: the kernel saw a problem on this node.');
    return {
      configured,
      role: roleOf(addresses.map(({ state }) => state)),
      carp: facts.allow === null ? null : facts.allow > 0 ? ('enabled' as const) : ('disabled' as const),
      demotion: facts.demotion,
      preempt: facts.preempt === null ? null : facts.preempt > 0,
      maintenance: facts.isMaintenance,
      addresses,
      stateSync: {
        enabled: isSyncing,
        interface: isSyncing ? named(sync['pfsyncinterface'] ?? '') : null,
        peer: sync['pfsyncpeerip'] || null,
        state: facts.pfsyncState,
      },
      configSync: {
        to: sync['synchronizetoip'] || null,
        user: sync['username'] || null,
        sections: facts.sections.map((section) => section.replace('synchronize', '')),
      },
    };
  },
});

function roleOf(states: readonly (string | null)[]) {
  if (states.length === 0) return 'none' as const;
  if (states.includes(null)) return null;
  if (states.every((state) => state === 'MASTER')) return 'master' as const;
  return states.every((state) => state === 'BACKUP') ? ('backup' as const) : ('mixed' as const);
}
