import { type ConfigSection, type ConfigTree, listAt, textAt } from '../../config/model.ts';
import { sectionOf, withTree } from '../../config/update.ts';
import { notThere } from '../kind.ts';

export const USERS = 'system/user';
export const GROUPS = 'system/group';

export function accountsAt(config: ConfigTree, path: typeof USERS | typeof GROUPS): ConfigSection[] {
  return listAt(config, path).map(sectionOf);
}

export function nameOf(account: ConfigTree): string {
  return textAt(account, 'name') ?? '';
}

/** Accounts that pfSense brings along and whose names and existence it counts on. */
export function isSystem(account: ConfigTree): boolean {
  return textAt(account, 'scope') === 'system' || textAt(account, 'uid') === '0';
}

export function findAccount(config: ConfigTree, path: typeof USERS | typeof GROUPS, name: string) {
  return accountsAt(config, path).find((account) => nameOf(account) === name);
}

/** A user, under the name that it is to get when it has that already. @throws PfsenseError `not_found` */
export function needUser(config: ConfigTree, name: string, newName: string): ConfigSection {
  const user = findAccount(config, USERS, name) ?? findAccount(config, USERS, newName);
  if (user) return user;
  throw notThere(`name: there is no user ${name}.`, 'pf_user_list lists them; user.create makes one.');
}

/** A group, under the name that it is to get when it has that already. @throws PfsenseError `not_found` */
export function needGroup(config: ConfigTree, name: string, newName: string): ConfigSection {
  const group = findAccount(config, GROUPS, name) ?? findAccount(config, GROUPS, newName);
  if (group) return group;
  throw notThere(`name: there is no group ${name}.`, 'pf_user_list lists them; group.create makes one.');
}

/** With one account put in the place of another (none: added), in the order that pfSense's pages leave them in. */
export function withAccount(
  config: ConfigTree,
  path: typeof USERS | typeof GROUPS,
  old: string | undefined,
  account: ConfigSection | undefined,
): ConfigTree {
  const others = accountsAt(config, path).filter((one) => nameOf(one) !== old);
  const all = account === undefined ? others : [...others, account];
  const sorted =
    account === undefined ? all : all.sort((a, b) => Number(nameOf(a) > nameOf(b)) - Number(nameOf(a) < nameOf(b)));
  return withTree(config, path.split('/'), sorted);
}

/** The number that the next account gets, as pfSense counts; one that is taken is passed over. */
export function freeNumber(config: ConfigTree, path: typeof USERS | typeof GROUPS): { id: string; next: ConfigTree } {
  const [key, counter] = path === USERS ? ['uid', 'nextuid'] : ['gid', 'nextgid'];
  const taken = new Set(accountsAt(config, path).map((account) => textAt(account, key)));
  let id = Number(textAt(config, `system/${counter}`) ?? '');
  if (!Number.isSafeInteger(id) || id < 2000) id = 2000;
  while (taken.has(String(id))) id += 1;
  return { id: String(id), next: withTree(config, ['system', counter], String(id + 1)) };
}

/** Texts of a list such as `priv` or `member`. */
export function textsAt(account: ConfigTree, path: string): string[] {
  return listAt(account, path).filter((item): item is string => typeof item === 'string');
}

/** A list, or nothing where it is empty: an empty one has no element in the document. */
export function listOrNone(items: readonly string[]): ConfigTree | undefined {
  return items.length === 0 ? undefined : [...items];
}

/** Those that were there in their order, then the new ones; the very same list when it holds these already. */
export function merged(old: readonly string[], wanted: readonly string[]): readonly string[] {
  const kept = old.filter((item) => wanted.includes(item));
  const added = [...new Set(wanted)].filter((item) => !old.includes(item));
  return kept.length === old.length && added.length === 0 ? old : [...kept, ...added];
}
