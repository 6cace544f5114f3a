import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { withFields } from '../fields.ts';
import { GroupName, groupFields, groupFieldsOf, groupsOf, needGroup, withGroups } from './group.ts';

export default defineKind({
  id: 'gateway_group.update',
  summary: 'Change the members (all of them) or other parts of a gateway group; what is not given stays.',
  tier: 'durable',
  input: z.strictObject(groupFields).partial().extend({ name: GroupName }),
  example: { name: 'Failover', trigger: 'downlosslatency' },
  apply(config, { name, ...args }) {
    const { group: old, index } = needGroup(config, name);
    const group = withFields(old, groupFieldsOf(config, args));
    return group === old ? config : withGroups(config, groupsOf(config).with(index, group));
  },
});
