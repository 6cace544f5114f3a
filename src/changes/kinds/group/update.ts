import { z } from 'zod';
import { textAt } from '../../../config/model.ts';
import { defineKind, refused } from '../../kind.ts';
import { GROUPS, isSystem, listOrNone, merged, nameOf, needGroup, textsAt, withAccount } from '../accounts.ts';
import { given, withFields } from '../fields.ts';
import { privilegesOf } from '../privileges.ts';
import { EVERYBODY } from '../user/memberships.ts';
import { checkGroupName, GroupName, groupFields, uidsOf } from './arguments.ts';

export default defineKind({
  id: 'group.update',
  summary: 'Change a group; members and privileges are given whole, and what is not given stays.',
  tier: 'durable',
  input: z.strictObject({ name: GroupName, newName: GroupName.optional(), ...groupFields }),
  example: { name: 'helpdesk', privileges: ['page-status-services', 'page-diagnostics-ping'] },
  needs: () => ['accounts'],
  apply(config, { name, newName = name, description, members, privileges }, occasion) {
    const group = needGroup(config, name, newName);
    const oldName = nameOf(group);
    if (newName !== oldName && isSystem(group)) throw refused(`newName: ${name} is a group that pfSense brings along.`);
    if (newName !== oldName) checkGroupName(config, newName, textAt(group, 'scope') ?? '', occasion);
    if (members !== undefined && oldName === EVERYBODY) throw refused('members: everybody is in the group all.');
    const [oldMembers, oldPrivileges] = [textsAt(group, 'member'), textsAt(group, 'priv')];
    const nextMembers = members === undefined ? oldMembers : merged(oldMembers, uidsOf(config, members));
    const wanted = privileges === undefined ? oldPrivileges : privilegesOf(oldPrivileges, privileges, occasion);
    const changed = withFields(group, {
      ...given('name', newName),
      ...given('description', description),
      ...(nextMembers === oldMembers ? {} : { member: listOrNone(nextMembers) }),
      ...(wanted === oldPrivileges ? {} : { priv: listOrNone(wanted) }),
    });
    return changed === group ? config : withAccount(config, GROUPS, oldName, changed);
  },
});
