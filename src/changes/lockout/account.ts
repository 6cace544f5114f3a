import { isDeepStrictEqual } from 'node:util';
import { changedKeys, entriesBy } from '../../config/changed.ts';
import { type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../config/model.ts';
import type { Judge, Judgement } from './judgement.ts';

const LISTS = ['system/user', 'system/group'];
/** What says nothing about whether somebody gets in. */
const HARMLESS = new Set(['descr', 'cert', 'webguicss', 'dashboardcolumns', 'dashboardavailablewidgetspanel']);

/** Whether the account of this session can still log in: the SSH server's settings, the account and its groups. */
export const judgeAccount: Judge = ({ user }, base, candidate) => {
  const problems = [...ofServer(base, candidate), ...ofAccount(user ?? null, base, candidate)];
  if (problems.length === 0) return [];
  const subject = user ? `the login of ${user}` : 'the login of this session';
  return [
    {
      subject,
      verdict: problems.some(([verdict]) => verdict === 'cut') ? 'cut' : 'unknown',
      because: problems.map(([, because]) => because),
    },
  ];
};

type Problem = readonly [verdict: Exclude<Judgement['verdict'], 'unchanged' | 'passes'>, because: string];

function ofServer(base: ConfigTree, candidate: ConfigTree): Problem[] {
  if (isDeepStrictEqual(treeAt(base, 'system/ssh'), treeAt(candidate, 'system/ssh'))) return [];
  return [['unknown', 'the settings of the SSH server change']];
}

function ofAccount(user: string | null, base: ConfigTree, candidate: ConfigTree): Problem[] {
  if (LISTS.every((list) => isDeepStrictEqual(listAt(base, list), listAt(candidate, list)))) return [];
  if (user === null) return [['unknown', 'accounts change, and the firewall does not tell whose session this is']];
  // On pfSense root is the account admin by another name.
  const name = user === 'root' ? 'admin' : user;
  const before = entriesBy(base, 'system/user', 'name').get(name);
  if (before === undefined) return [['unknown', `accounts change, and the configuration does not have ${name}`]];
  const after = entriesBy(candidate, 'system/user', 'name').get(name);
  if (after === undefined) return [['cut', `the account ${name} is deleted`]];
  const fields = (account: ConfigTree) => new Map(entriesAt(account, ''));
  const changed = changedKeys(fields(before), fields(after)).filter((field) => !HARMLESS.has(field));
  const own: Problem[] =
    changed.length === 0 ? [] : [['unknown', `the account ${name} changes (${changed.join(', ')})`]];
  return [...own, ...ofGroups(textAt(before, 'uid') ?? '', base, candidate)];
}

/** Privileges come by groups, but for the account that has all of them. */
function ofGroups(uid: string, base: ConfigTree, candidate: ConfigTree): Problem[] {
  if (uid === '0') return [];
  const later = entriesBy(candidate, 'system/group', 'name');
  return listAt(base, 'system/group')
    .filter((group) => isMember(group, uid))
    .flatMap((group): Problem[] => {
      const name = textAt(group, 'name') ?? '';
      const after = later.get(name);
      if (after === undefined || !isMember(after, uid)) return [['unknown', `it is in the group ${name} no more`]];
      return isDeepStrictEqual(treeAt(group, 'priv'), treeAt(after, 'priv'))
        ? []
        : [['unknown', `the privileges of the group ${name} change`]];
    });
}

function isMember(group: ConfigTree, uid: string): boolean {
  return listAt(group, 'member').includes(uid);
}
