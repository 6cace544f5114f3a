import { z } from 'zod';
import { defineKind, refused } from '../../kind.ts';
import { assignedTo, findVlan, usersOf, VlanDevice, vlansOf, withVlans } from './vlan.ts';

export default defineKind({
  id: 'vlan.delete',
  summary: 'Delete a VLAN that is no interface.',
  tier: 'durable',
  input: z.strictObject({ device: VlanDevice }),
  example: { device: 'igb1.20' },
  apply(config, { device }) {
    const found = findVlan(config, device);
    if (found === undefined) return config;
    const key = assignedTo(config, device);
    const users = [...(key === undefined ? [] : [`the interface ${key}`]), ...usersOf(config, device)];
    if (users.length > 0)
      throw refused(
        `device: the VLAN ${device} is in use by ${users.join(', ')}.`,
        'Change those first; the same plan can do it with interface.unassign.',
      );
    return withVlans(config, vlansOf(config).toSpliced(found.index, 1));
  },
});
