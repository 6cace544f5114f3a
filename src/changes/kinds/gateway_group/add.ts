import { z } from 'zod';
import { defineKind, refused } from '../../kind.ts';
import { isAlike, sectionIn } from '../fields.ts';
import { gatewayNamed } from '../gateway/known.ts';
import { problemOfName } from '../object-name.ts';
import { findGroup, GroupName, groupFields, groupFieldsOf, groupsOf, withGroups } from './group.ts';

const ORDER = ['name', 'item', 'trigger', 'keep_failover_states', 'descr'];

export default defineKind({
  id: 'gateway_group.add',
  summary: 'Group gateways by tiers, for failover or sharing the load.',
  tier: 'durable',
  input: z.strictObject({
    ...groupFields,
    name: GroupName,
    trigger: groupFields.trigger.default('down'),
    description: groupFields.description.default(''),
    failoverStates: groupFields.failoverStates.default('default'),
  }),
  example: {
    name: 'Failover',
    members: [
      { gateway: 'WAN_DHCP', tier: 1 },
      { gateway: 'WAN2GW', tier: 2 },
    ],
    trigger: 'downloss',
  },
  apply(config, { name, ...args }) {
    const problem = gatewayNamed(config, name) ? 'a gateway has it' : problemOfName(name);
    if (problem !== undefined) throw refused(`name: no gateway group can have this name; ${problem}.`);
    const group = sectionIn(ORDER, { name, ...groupFieldsOf(config, args) });
    const found = findGroup(config, name);
    if (found !== undefined && isAlike(found.group, group)) return config;
    if (found !== undefined)
      throw refused(`name: there is another gateway group ${name} already.`, 'Change it with gateway_group.update.');
    return withGroups(config, [...groupsOf(config), group]);
  },
});
