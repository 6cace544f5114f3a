import { z } from 'zod';
import { defineKind, type Tier } from '../../src/changes/kind.ts';
import { listAt, textAt } from '../../src/config/model.ts';
import { withTree } from '../../src/config/update.ts';

/** A kind for tests that adds an alias, tried out the way of a tier. */
export const aliasOf = (tier: Tier) =>
  defineKind({
    id: `test.alias_${tier}`,
    summary: 'For tests.',
    tier,
    input: z.strictObject({ name: z.string() }),
    example: { name: 'a' },
    apply(config, { name }) {
      const others = listAt(config, 'aliases/alias');
      if (others.some((alias) => textAt(alias, 'name') === name)) return config;
      const alias = { name, type: 'host', address: '192.0.2.1', descr: '', detail: '' };
      return withTree(config, ['aliases', 'alias'], [...others, alias]);
    },
  });

export const ALIAS_KINDS = [aliasOf('volatile'), aliasOf('durable')] as const;
