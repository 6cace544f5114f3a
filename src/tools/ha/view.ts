import { z } from 'zod';
import { own } from '../../core/own.ts';
import type { HaFacts } from './snippet.ts';

const Vip = z.object({
  address: z.string(),
  interface: z.string(),
  vhid: z.int(),
  state: z.string().nullable().describe('MASTER, BACKUP, INIT; absent: configured, but not on the interface'),
  advskew: z.int(),
  description: z.string(),
});

export const HaView = z.object({
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
});
type HaView = z.output<typeof HaView>;

/** One node as it is set up and as it is now. */
export function viewHa(facts: HaFacts): HaView {
  const named = (id: string): string => own(facts.interfaces, id) || id.toUpperCase();
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
  return {
    configured: addresses.length > 0 || isSyncing || Boolean(sync['synchronizetoip']),
    role: roleOf(addresses.map(({ state }) => state)),
    carp: facts.allow === null ? null : facts.allow > 0 ? 'enabled' : 'disabled',
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
}

/** Sentences about what could not be seen and what asks for attention. */
export function haNotes(facts: HaFacts, { configured }: HaView): string[] {
  return [
    ...(facts.saved ? [SAVED_NOTE] : unheard(facts)),
    ...(configured ? [] : ['High availability is not configured on this firewall.']),
    ...(facts.isMaintenance ? ['This node is in persistent CARP maintenance mode.'] : []),
    ...((facts.demotion ?? 0) > 0 ? ['CARP is demoted: the kernel saw a problem on this node.'] : []),
  ];
}

const SAVED_NOTE = 'These are settings of a saved configuration: states of CARP and of pfsync are unknown.';

function unheard({ pfsyncState, allow }: HaFacts): string[] {
  return [
    ...(pfsyncState === null ? ['ifconfig failed: states of CARP addresses and of pfsync are unknown.'] : []),
    ...(allow === null ? ['The kernel did not say whether CARP is allowed and demoted.'] : []),
  ];
}

function roleOf(states: readonly (string | null)[]): HaView['role'] {
  if (states.length === 0) return 'none';
  if (states.includes(null)) return null;
  if (states.every((state) => state === 'MASTER')) return 'master';
  return states.every((state) => state === 'BACKUP') ? 'backup' : 'mixed';
}
