import { z } from 'zod';
import { defineKind, refused } from '../../kind.ts';
import { findAccount, isSystem, USERS, withAccount } from '../accounts.ts';
import { UserName } from './arguments.ts';
import { uidOf, withoutUser } from './memberships.ts';

export default defineKind({
  id: 'user.delete',
  summary: 'Delete a local user with its home directory; sessions that it has open go on.',
  tier: 'durable',
  input: z.strictObject({ name: UserName }),
  example: { name: 'alice.b' },
  apply(config, { name }) {
    const user = findAccount(config, USERS, name);
    if (user === undefined) return config;
    if (isSystem(user)) throw refused(`name: ${name} is a user that pfSense brings along.`);
    return withAccount(withoutUser(config, uidOf(user)), USERS, name, undefined);
  },
});
