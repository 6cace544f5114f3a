import { z } from 'zod';
import { defineKind, refused } from '../../kind.ts';
import { isAlike, sectionIn } from '../fields.ts';
import { checkVlan, findVlan, vlanFields, vlansOf, withVlans } from './vlan.ts';

const ORDER = ['if', 'tag', 'pcp', 'descr', 'vlanif'];

export default defineKind({
  id: 'vlan.create',
  summary: 'Create a VLAN on a device; interface.assign then makes an interface of it.',
  tier: 'durable',
  input: z.strictObject({
    parent: vlanFields.parent,
    tag: vlanFields.tag,
    priority: vlanFields.priority.default(null),
    description: vlanFields.description.default(''),
  }),
  example: { parent: 'igb1', tag: 20, description: 'Guests' },
  apply(config, { parent, tag, priority, description }) {
    const vlanif = `${parent}.${tag}`;
    const pcp = priority === null ? '' : String(priority);
    const vlan = sectionIn(ORDER, { if: parent, tag: String(tag), pcp, descr: description, vlanif });
    const found = findVlan(config, vlanif);
    if (found !== undefined && isAlike(found.vlan, vlan)) return config;
    if (found !== undefined)
      throw refused(`tag: there is another VLAN ${tag} on ${parent} already.`, 'Change it with vlan.update.');
    checkVlan(config, vlan, vlansOf(config));
    return withVlans(config, [...vlansOf(config), vlan]);
  },
});
