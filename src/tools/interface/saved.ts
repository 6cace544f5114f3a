import { isIP } from 'node:net';
import type { z } from 'zod';
import { type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../config/model.ts';
import type { Interface } from './model.ts';

type Row = z.output<typeof Interface>;

/** State of an interface that nobody looked at. */
export const NOT_ASKED = 'not asked';

/** The assigned interfaces as a saved configuration has them; everything live is null. */
export function savedInterfaces(config: ConfigTree): Row[] {
  return entriesAt(config, 'interfaces').map(([id, settings]) => savedInterface(id, settings, config));
}

function savedInterface(id: string, settings: ConfigTree, config: ConfigTree): Row {
  const device = textAt(settings, 'if') ?? '';
  const vlan = listAt(config, 'vlans/vlan').find((entry) => textAt(entry, 'vlanif') === device);
  return {
    id,
    description: textAt(settings, 'descr') || id.toUpperCase(),
    device,
    hardware: device,
    enabled: treeAt(settings, 'enable') !== undefined,
    status: NOT_ASKED,
    media: null,
    mac: textAt(settings, 'spoofmac') || null,
    mtu: numberAt(settings, 'mtu'),
    ipv4: addressOf(settings, 'ipaddr', 'subnet'),
    ipv6: addressOf(settings, 'ipaddrv6', 'subnetv6'),
    gateway: textAt(settings, 'gateway') || null,
    vlan: vlan ? { parent: textAt(vlan, 'if') ?? '', tag: numberAt(vlan, 'tag') ?? 0 } : null,
    groups: listAt(config, 'ifgroups/ifgroupentry')
      .filter((group) => (textAt(group, 'members') ?? '').split(/\s+/).includes(id))
      .map((group) => textAt(group, 'ifname') ?? ''),
    counters: NO_COUNTERS,
  };
}

const NO_COUNTERS: Row['counters'] = {
  inBytes: null,
  outBytes: null,
  inPackets: null,
  outPackets: null,
  inErrors: null,
  outErrors: null,
  collisions: null,
  inBlockedPackets: null,
  outBlockedPackets: null,
};

/** What is leased or tracked (`dhcp`, `track6`) is not in the file; only a fixed address is. */
function addressOf(settings: ConfigTree, name: string, length: string): Row['ipv4'] {
  const address = textAt(settings, name) ?? '';
  if (isIP(address) === 0) return null;
  return { address, prefix: numberAt(settings, length), assignedBy: 'static' };
}

function numberAt(tree: ConfigTree, path: string): number | null {
  const text = textAt(tree, path) ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}
