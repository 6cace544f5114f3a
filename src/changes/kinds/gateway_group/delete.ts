import { z } from 'zod';
import { defineKind, refused } from '../../kind.ts';
import { findGroup, GroupName, groupsOf, referencesToGroup, withGroups } from './group.ts';

export default defineKind({
  id: 'gateway_group.delete',
  summary: 'Delete a gateway group that nothing uses.',
  tier: 'durable',
  input: z.strictObject({ name: GroupName }),
  example: { name: 'Failover' },
  apply(config, { name }) {
    const found = findGroup(config, name);
    if (found === undefined) return config;
    const users = referencesToGroup(config, name);
    if (users.length > 0)
      throw refused(
        `name: the gateway group ${name} is in use by ${users.slice(0, 8).join(', ')}${users.length > 8 ? ' and more' : ''}.`,
        'Change those first; the same plan can do it.',
      );
    return withGroups(config, groupsOf(config).toSpliced(found.index, 1));
  },
});
