import { z } from 'zod';
import { textAt } from '../../../config/model.ts';
import { defineKind, refused } from '../../kind.ts';
import { isSystem, listOrNone, nameOf, needUser, textsAt, USERS, withAccount } from '../accounts.ts';
import { given, withFields } from '../fields.ts';
import { firstThingsFirst, privilegesOf } from '../privileges.ts';
import { accountFields, fieldsOf, UserName } from './arguments.ts';
import { checkFreeName } from './create.ts';
import { uidOf, withMemberships } from './memberships.ts';

export default defineKind({
  id: 'user.update',
  summary: 'Change a local user; lists (keys, groups, privileges) are given whole, and what is not given stays.',
  tier: 'durable',
  input: z.strictObject({ name: UserName, newName: UserName.optional(), ...accountFields }),
  example: { name: 'alice.b', groups: [], authorizedKeys: [], disabled: true },
  needs: () => ['accounts'],
  apply(config, { name, newName = name, groups, privileges, ...account }, occasion) {
    const user = needUser(config, name, newName);
    const oldName = nameOf(user);
    const isProtected = isSystem(user) && (newName !== oldName || account.fullName !== undefined);
    if (isProtected) throw refused(`newName, fullName: ${name} is a user that pfSense brings along.`);
    if (newName !== oldName) checkFreeName(config, newName, occasion);
    const old = textsAt(user, 'priv');
    const wanted = privileges === undefined ? old : privilegesOf(old, privileges, occasion);
    const changed = withFields(user, {
      ...given('name', newName),
      ...fieldsOf(account, textAt(user, 'authorizedkeys') ?? ''),
      ...(wanted === old ? {} : { priv: listOrNone(firstThingsFirst(wanted)) }),
    });
    const next = changed === user ? config : withAccount(config, USERS, oldName, changed);
    return groups === undefined ? next : withMemberships(next, uidOf(user), groups);
  },
});
