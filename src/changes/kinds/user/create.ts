import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { ConfigSection, ConfigTree } from '../../../config/model.ts';
import { defineKind, type Occasion, refused } from '../../kind.ts';
import { accountNames } from '../../supplies.ts';
import { findAccount, freeNumber, listOrNone, textsAt, USERS, withAccount } from '../accounts.ts';
import { type Fields, sectionIn, withFields } from '../fields.ts';
import { firstThingsFirst, privilegesOf } from '../privileges.ts';
import { type Account, accountFields, fieldsOf, hashFields, UserName } from './arguments.ts';
import { groupsOf, uidOf, withMemberships } from './memberships.ts';

export default defineKind({
  id: 'user.create',
  summary: 'Create a local user, by a hash of the password or without one, with SSH keys, groups and privileges.',
  tier: 'durable',
  input: z.strictObject({ name: UserName, ...accountFields }),
  example: {
    name: 'alice.b',
    fullName: 'Alice Baker',
    authorizedKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl alice@laptop'],
    groups: ['admins'],
    expires: '2027-12-31',
  },
  needs: () => ['accounts'],
  apply(config, { name, ...account }, occasion) {
    const there = findAccount(config, USERS, name);
    if (there !== undefined) return alreadyThere(config, there, account, occasion);
    checkFreeName(config, name, occasion);
    const { id, next } = freeNumber(config, USERS);
    const privileges = firstThingsFirst(privilegesOf([], account.privileges ?? [], occasion));
    const user = sectionIn(ORDER, { ...FORM, ...wantedFields(account), name, uid: id, priv: listOrNone(privileges) });
    return withMemberships(withAccount(next, USERS, undefined, user), id, account.groups ?? []);
  },
});

const ORDER =
  'scope bcrypt-hash sha512-hash descr name expires dashboardcolumns authorizedkeys ipsecpsk disabled webguicss uid priv'.split(
    ' ',
  );

/** What the page's form holds when nobody touches it. */
const FORM = {
  scope: 'user',
  expires: '',
  dashboardcolumns: '2',
  authorizedkeys: '',
  ipsecpsk: '',
  webguicss: 'pfSense.css',
};

function wantedFields(account: Account): Fields {
  return { descr: '', ...hashFields(account.passwordHash ?? null), ...fieldsOf(account, '') };
}

/** @throws PfsenseError `bad_input` when there is another user of this name. */
function alreadyThere(config: ConfigTree, there: ConfigSection, account: Account, occasion: Occasion): ConfigTree {
  const old = textsAt(there, 'priv');
  const privileges = privilegesOf(old, account.privileges ?? old, occasion);
  // Another change of the same plan may have put it into a group.
  const groups = groupsOf(config, uidOf(there)).sort();
  const isSame =
    withFields(there, { ...wantedFields(account), ...fieldsOf(account, String(there['authorizedkeys'] ?? '')) }) ===
      there &&
    (there['disabled'] !== undefined) === (account.disabled === true) &&
    privileges === old &&
    isDeepStrictEqual(groups, [...new Set(account.groups ?? groups)].sort());
  if (isSame) return config;
  throw refused(`name: there is another user ${String(there['name'])} already.`, 'Change it with user.update.');
}

/** @throws PfsenseError `bad_input` */
export function checkFreeName(config: ConfigTree, name: string, occasion: Occasion): void {
  if (findAccount(config, USERS, name)) throw refused(`name: there is a user ${name} already.`);
  if (accountNames(occasion).users.includes(name))
    throw refused(`name: the operating system of the firewall has an account ${name} already.`, 'Take another name.');
}
