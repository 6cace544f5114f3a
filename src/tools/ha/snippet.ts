import { z } from 'zod';
import { type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../config/model.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';

/** PHP encodes an empty map as a list. */
const Texts = z.record(z.string(), z.string()).or(z.array(z.never()).transform((): Record<string, string> => ({})));

const HaFacts = z.object({
  vips: z.array(z.object({ state: z.string().nullable() }).catchall(z.string().nullable())),
  allow: z.int().nullable(),
  demotion: z.int().nullable(),
  preempt: z.int().nullable(),
  isMaintenance: z.boolean(),
  pfsyncState: z.string().nullable(),
  sync: Texts,
  sections: z.array(z.string()),
  interfaces: Texts,
  /** From a file: nobody was asked. */
  saved: z.literal(true).optional(),
});
export type HaFacts = z.output<typeof HaFacts>;

export const haStatus = defineSnippet({
  id: 'ha/status',
  effect: 'read',
  complexity: 'interface',
  input: z.strictObject({}),
  output: HaFacts,
  fromFiles: ({ current }) => savedHa(current.tree()),
});

/** What a saved configuration says of high availability; every state is unknown. */
export function savedHa(config: ConfigTree): HaFacts {
  const sync = textsAt(config, 'hasync', [
    'pfsyncenabled',
    'pfsyncinterface',
    'pfsyncpeerip',
    'synchronizetoip',
    'username',
  ]);
  return {
    vips: listAt(config, 'virtualip/vip')
      .filter((vip) => textAt(vip, 'mode') === 'carp')
      .map((vip) => ({ ...textsAt(vip, '', VIP_FIELDS), state: null })),
    allow: null,
    demotion: null,
    preempt: null,
    isMaintenance: treeAt(config, 'virtualip_carp_maintenancemode') !== undefined,
    pfsyncState: null,
    sync,
    sections: entriesAt(config, 'hasync')
      .filter(([name, value]) => /^synchronize(?!toip$)/.test(name) && value === 'on')
      .map(([name]) => name),
    interfaces: Object.fromEntries(
      entriesAt(config, 'interfaces').map(([id, entry]) => [id, textAt(entry, 'descr') ?? '']),
    ),
    saved: true,
  };
}

const VIP_FIELDS = ['interface', 'vhid', 'advbase', 'advskew', 'subnet', 'subnet_bits', 'descr', 'uniqid'];

function textsAt(config: ConfigTree, path: string, names: readonly string[]): Record<string, string> {
  const entries = names.map((name) => [name, textAt(config, path === '' ? name : `${path}/${name}`)] as const);
  return Object.fromEntries(entries.flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])));
}
