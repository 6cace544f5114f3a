import { z } from 'zod';
import { defineKind, refused } from '../../kind.ts';
import { referencesToVip } from './references.ts';
import { findVip, VipId, vipsOf, withVips } from './vip.ts';

export default defineKind({
  id: 'virtual_ip.delete',
  summary: 'Delete a virtual address that nothing uses.',
  tier: 'durable',
  input: z.strictObject({ id: VipId }),
  example: { id: '203.0.113.11' },
  apply(config, { id }) {
    const found = findVip(config, id);
    if (found === undefined) return config;
    const users = referencesToVip(config, vipsOf(config)[found.index] ?? {});
    if (users.length > 0)
      throw refused(
        `id: the virtual address is in use by ${users.slice(0, 8).join(', ')}${users.length > 8 ? ' and more' : ''}.`,
        'Change those first; the same plan can do it.',
      );
    return withVips(config, vipsOf(config).toSpliced(found.index, 1));
  },
});
