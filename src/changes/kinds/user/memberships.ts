import { type ConfigSection, type ConfigTree, textAt } from '../../../config/model.ts';
import { withTree } from '../../../config/update.ts';
import { refused } from '../../kind.ts';
import { accountsAt, findAccount, GROUPS, listOrNone, nameOf, textsAt } from '../accounts.ts';
import { withFields } from '../fields.ts';

/** The group that has everybody in it, whether it lists them or not. */
export const EVERYBODY = 'all';

export function groupsOf(config: ConfigTree, uid: string): string[] {
  return accountsAt(config, GROUPS)
    .filter((group) => nameOf(group) !== EVERYBODY && textsAt(group, 'member').includes(uid))
    .map(nameOf);
}

/**
 * With a user in these groups and in no others.
 * @throws PfsenseError `bad_input`
 */
export function withMemberships(config: ConfigTree, uid: string, wanted: readonly string[]): ConfigTree {
  const unknown = wanted.find((name) => name === EVERYBODY || !findAccount(config, GROUPS, name));
  if (unknown === EVERYBODY) throw refused('groups: everybody is in the group all; leave it out.');
  if (unknown !== undefined) throw refused(`groups: there is no group ${unknown}.`, 'pf_user_list lists them.');
  const groups = accountsAt(config, GROUPS);
  const changed = groups.map((group) => {
    if (nameOf(group) === EVERYBODY) return group;
    return wanted.includes(nameOf(group)) ? withMember(group, uid) : withoutMember(group, uid);
  });
  const isSame = changed.every((group, index) => group === groups[index]);
  return isSame ? config : withTree(config, GROUPS.split('/'), changed);
}

/** With a user in no group at all. */
export function withoutUser(config: ConfigTree, uid: string): ConfigTree {
  return withTree(
    config,
    GROUPS.split('/'),
    accountsAt(config, GROUPS).map((group) => withoutMember(group, uid)),
  );
}

function withMember(group: ConfigSection, uid: string): ConfigSection {
  const members = textsAt(group, 'member');
  return members.includes(uid) ? group : withFields(group, { member: [...members, uid] });
}

function withoutMember(group: ConfigSection, uid: string): ConfigSection {
  const members = textsAt(group, 'member');
  if (!members.includes(uid)) return group;
  return withFields(group, { member: listOrNone(members.filter((one) => one !== uid)) });
}

export function uidOf(user: ConfigTree): string {
  return textAt(user, 'uid') ?? '';
}
