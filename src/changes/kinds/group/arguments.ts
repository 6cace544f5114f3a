import { z } from 'zod';
import { type ConfigTree, textAt } from '../../../config/model.ts';
import { type Occasion, refused } from '../../kind.ts';
import { accountNames } from '../../supplies.ts';
import { findAccount, GROUPS, USERS } from '../accounts.ts';
import { freeText, plainText } from '../text.ts';
import { UserName } from '../user/arguments.ts';

export const GroupName = plainText(64).min(1).describe('Letters, digits, dots, hyphens and underscores');

export const groupFields = {
  description: freeText(200).trim().optional(),
  members: z.array(UserName).max(500).optional().describe('Names of all users that are to be in it'),
  privileges: z.array(plainText(100).min(1)).max(500).optional().describe('All that its members are to have by it'),
} as const;

/**
 * The name of a new group; one that lives on another server may have spaces and any length.
 * @throws PfsenseError `bad_input`
 */
export function checkGroupName(config: ConfigTree, name: string, scope: string, occasion: Occasion): void {
  if (!(scope === 'remote' ? /^[\w. ][\w.\- ]*$/ : /^[\w.][\w.-]{0,15}$/).test(name))
    throw refused('name: use 1 to 16 letters, digits, dots, hyphens and underscores.');
  if (findAccount(config, GROUPS, name)) throw refused(`name: there is a group ${name} already.`);
  if (scope !== 'remote' && accountNames(occasion).groups.includes(name))
    throw refused(`name: the operating system of the firewall has a group ${name} already.`, 'Take another name.');
}

/** @throws PfsenseError `bad_input` */
export function uidsOf(config: ConfigTree, names: readonly string[]): string[] {
  return names.map((name) => {
    const uid = textAt(findAccount(config, USERS, name) ?? '', 'uid');
    if (uid === undefined) throw refused(`members: there is no user ${name}.`, 'pf_user_list lists them.');
    return uid;
  });
}
