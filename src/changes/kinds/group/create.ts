import { z } from 'zod';
import type { ConfigSection, ConfigTree } from '../../../config/model.ts';
import { defineKind, type Occasion, refused } from '../../kind.ts';
import { findAccount, freeNumber, GROUPS, listOrNone, merged, textsAt, withAccount } from '../accounts.ts';
import { type Fields, sectionIn, withFields } from '../fields.ts';
import { privilegesOf } from '../privileges.ts';
import { checkGroupName, GroupName, groupFields, uidsOf } from './arguments.ts';

const Input = z.strictObject({
  name: GroupName,
  ...groupFields,
  scope: z
    .enum(['local', 'remote'])
    .default('local')
    .describe('remote: its members come from an authentication server'),
});
type Input = z.output<typeof Input>;

export default defineKind({
  id: 'group.create',
  summary: 'Create a group of local users, or of users of an authentication server, with its privileges.',
  tier: 'durable',
  input: Input,
  example: { name: 'helpdesk', description: 'First line', members: ['alice.b'], privileges: ['page-status-services'] },
  needs: () => ['accounts'],
  apply(config, args, occasion) {
    const there = findAccount(config, GROUPS, args.name);
    if (there !== undefined) return alreadyThere(config, there, args, occasion);
    checkGroupName(config, args.name, args.scope, occasion);
    const { id, next } = freeNumber(config, GROUPS);
    const privileges = privilegesOf([], args.privileges ?? [], occasion);
    const members = [...new Set(uidsOf(config, args.members ?? []))];
    const group = { ...plainFields(args), gid: id, member: listOrNone(members), priv: listOrNone(privileges) };
    return withAccount(next, GROUPS, undefined, sectionIn(ORDER, group));
  },
});

const ORDER = ['name', 'description', 'scope', 'member', 'gid', 'priv'];

function plainFields({ name, description = '', scope }: Input): Fields {
  return { name, description, scope };
}

/** @throws PfsenseError `bad_input` when there is another group of this name. */
function alreadyThere(config: ConfigTree, there: ConfigSection, args: Input, occasion: Occasion): ConfigTree {
  const [members, privileges] = [textsAt(there, 'member'), textsAt(there, 'priv')];
  const isSame =
    withFields(there, plainFields(args)) === there &&
    (args.members === undefined || merged(members, uidsOf(config, args.members)) === members) &&
    privilegesOf(privileges, args.privileges ?? privileges, occasion) === privileges;
  if (isSame) return config;
  throw refused(`name: there is another group ${args.name} already.`, 'Change it with group.update.');
}
