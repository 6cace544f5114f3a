import { z } from 'zod';
import { defineKind, type Tier } from '../../src/changes/kind.ts';
import { type ConfigTree, listAt, textAt } from '../../src/config/model.ts';
import { withTree } from '../../src/config/update.ts';

/** What a change of the matrix brings: an alias, and an address where it has to be written first. */
export interface Content {
  readonly name: string;
  /** Of an interface; null for changes that are only loaded. */
  readonly address: string | null;
}

export const contentOf = (tier: Tier, count: number): Content => ({
  name: `crash_${count}`,
  address: tier === 'durable' ? `10.77.${count >> 8}.${count & 255}` : null,
});

/** The configuration with this change; it takes the place of the one before. */
export function withContent(config: ConfigTree, { name, address }: Content): ConfigTree {
  const isOthers = (key: string) => (entry: ConfigTree) => !textAt(entry, key)?.startsWith('crash_');
  const alias = { name, type: 'host', address: '192.0.2.1', descr: '', detail: '' };
  const aliases = listAt(config, 'aliases/alias').filter(isOthers('name'));
  const named = withTree(config, ['aliases', 'alias'], [...aliases, alias]);
  if (address === null) return named;
  const vip = {
    ...{ mode: 'ipalias', interface: 'lan', uniqid: `crash${name}`, descr: name, type: 'single' },
    ...{ subnet_bits: '32', subnet: address },
  };
  const vips = listAt(named, 'virtualip/vip').filter(isOthers('descr'));
  return withTree(named, ['virtualip', 'vip'], [...vips, vip]);
}

export const kindOf = (tier: Tier): string => `crash.${tier}`;

export const KINDS = (['volatile', 'durable'] as const).map((tier) =>
  defineKind({
    id: kindOf(tier),
    summary: 'For the crash matrix.',
    tier,
    input: z.strictObject({ name: z.string(), address: z.string().nullable() }),
    example: { name: 'crash_1', address: null },
    apply: withContent,
  }),
);
