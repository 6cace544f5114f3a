import { z } from 'zod';
import { type ConfigTree, textAt } from '../../../config/model.ts';
import { withTree } from '../../../config/update.ts';
import { defineKind, refused } from '../../kind.ts';
import { type Fields, given, withFields } from '../fields.ts';
import {
  assignedTo,
  checkVlan,
  deviceOf,
  findVlan,
  needVlan,
  usersOf,
  VlanDevice,
  vlanFields,
  vlansOf,
  withVlans,
} from './vlan.ts';

export default defineKind({
  id: 'vlan.update',
  summary: 'Change the priority, description, parent or tag of a VLAN; its interface follows to a new parent.',
  tier: 'durable',
  input: z.strictObject(vlanFields).partial().extend({ device: VlanDevice }),
  example: { device: 'igb1.20', description: 'Guests' },
  apply(config, { device, parent, tag, priority, description }) {
    const fields = {
      ...given('if', parent),
      ...given('tag', tag === undefined ? undefined : String(tag)),
      ...given('pcp', priority === undefined ? undefined : priority === null ? '' : String(priority)),
      ...given('descr', description),
    };
    const { vlan: old, index } = foundFor(config, device, fields);
    const moved = withFields(old, fields);
    if (moved === old) return config;
    const vlanif = `${textAt(moved, 'if')}.${textAt(moved, 'tag')}`;
    if (vlanif !== deviceOf(old)) checkMove(config, deviceOf(old), textAt(moved, 'tag') !== textAt(old, 'tag'));
    const vlan = { ...moved, vlanif };
    checkVlan(config, vlan, vlansOf(config).toSpliced(index, 1));
    const changed = withVlans(config, vlansOf(config).with(index, vlan));
    const key = assignedTo(config, deviceOf(old));
    return key === undefined || vlanif === deviceOf(old)
      ? changed
      : withTree(changed, ['interfaces', key, 'if'], vlanif);
  },
});

/** The VLAN; the one that it was made to be, when it is gone under its old device. */
function foundFor(config: ConfigTree, device: string, fields: Fields): ReturnType<typeof needVlan> {
  const [parent = '', tag = ''] = device.split(/\.(?=\d+$)/);
  const moved = findVlan(config, `${String(fields['if'] ?? parent)}.${String(fields['tag'] ?? tag)}`);
  const isDone = moved !== undefined && withFields(moved.vlan, fields) === moved.vlan;
  return findVlan(config, device) === undefined && isDone ? moved : needVlan(config, device);
}

function checkMove(config: ConfigTree, device: string, isRetagged: boolean): void {
  const users = usersOf(config, device);
  if (users.length > 0) throw refused(`device: ${device} is in use by ${users.join(', ')}.`);
  const key = assignedTo(config, device);
  if (isRetagged && key !== undefined)
    throw refused(`tag: it cannot change while the VLAN is the interface ${key}.`, 'interface.unassign first.');
}
