import { z } from 'zod';
import { defineKind, refused } from '../../kind.ts';
import { findAccount, GROUPS, isSystem, withAccount } from '../accounts.ts';
import { GroupName } from './arguments.ts';

export default defineKind({
  id: 'group.delete',
  summary: 'Delete a group; its members stay, and lose what they had by it.',
  tier: 'durable',
  input: z.strictObject({ name: GroupName }),
  example: { name: 'helpdesk' },
  apply(config, { name }) {
    const group = findAccount(config, GROUPS, name);
    if (group === undefined) return config;
    if (isSystem(group)) throw refused(`name: ${name} is a group that pfSense brings along.`);
    return withAccount(config, GROUPS, name, undefined);
  },
});
