import { z } from 'zod';
import { type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../../config/model.ts';
import { defineKind, refused } from '../../kind.ts';
import { plainText } from '../text.ts';
import { assignedTo } from '../vlan/vlan.ts';
import { checkInterfaceName, InterfaceName } from './name.ts';
import { withInterface } from './store.ts';

export default defineKind({
  id: 'interface.assign',
  summary:
    'Make an interface of a device; its key is lan or the first free of opt1, opt2, …, and it is not enabled yet.',
  tier: 'durable',
  input: z.strictObject({
    device: plainText(24)
      .regex(/^[a-z][a-z0-9_]*\d(?:\.\d+)*$/i, 'must be the name of a device')
      .describe('Device, such as igb3 or the VLAN igb1.30'),
    description: InterfaceName.optional(),
  }),
  example: { device: 'igb1.30', description: 'GUESTS' },
  apply(config, { device, description }) {
    const key = freeKey(config);
    const known = assignedTo(config, device);
    if (known !== undefined) {
      const name = textAt(config, `interfaces/${known}/descr`);
      if (description === undefined || description === name) return config;
      throw refused(`device: it is the interface ${known} already.`, 'interface.update gives it another name.');
    }
    checkDevice(config, device);
    const name = description ?? key.toUpperCase();
    checkInterfaceName(config, key, name);
    return withInterface(config, key, { descr: name, if: device });
  },
});

function freeKey(config: ConfigTree): string {
  if (treeAt(config, 'interfaces/lan') === undefined) return 'lan';
  const keys = new Set(entriesAt(config, 'interfaces').map(([key]) => key));
  for (let number = 1; ; number += 1) if (!keys.has(`opt${number}`)) return `opt${number}`;
}

function checkDevice(config: ConfigTree, device: string): void {
  if (/_wlan|^lo\d|^enc\d|^pflog|^pfsync/.test(device)) throw refused('device: no interface can be made of it here.');
  const isMember = listAt(config, 'laggs/lagg').some((lagg) =>
    (textAt(lagg, 'members') ?? '').split(',').includes(device),
  );
  if (isMember) throw refused('device: it is a member of a link aggregation.');
  // What would not be there at the next start makes pfSense wait at its console.
  if (device.includes('.') && !listAt(config, 'vlans/vlan').some((vlan) => textAt(vlan, 'vlanif') === device))
    throw refused('device: there is no such VLAN.', 'vlan.create makes one; the same plan can do it.');
}
