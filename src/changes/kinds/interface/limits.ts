import { type ConfigSection, type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../../config/model.ts';
import { refused } from '../../kind.ts';

/** Tables smaller than this do not hold the bogons of IPv6. */
const ENTRIES_FOR_BOGONS = 400_000;

/**
 * Refuses an MTU that pfSense's page would not save.
 * @throws PfsenseError `bad_input`
 */
export function checkMtu(config: ConfigTree, key: string, entry: ConfigSection): void {
  const mtu = Number(textAt(entry, 'mtu') ?? 0);
  if (mtu === 0) return;
  const device = textAt(entry, 'if') ?? '';
  const [least, most] = device.startsWith('gif') ? [1280, 8192] : [576, 9000];
  if (mtu < least || mtu > most) throw refused(`mtu: it has to be between ${least} and ${most}.`);
  const vlans = listAt(config, 'vlans/vlan');
  const parent = vlans.find((vlan) => textAt(vlan, 'vlanif') === device);
  const others = entriesAt(config, 'interfaces').filter(([one]) => one !== key);
  if (parent !== undefined) {
    const carrier = others.find(([, other]) => textAt(other, 'if') === textAt(parent, 'if'))?.[1];
    const limit = Number((carrier && textAt(carrier, 'mtu')) || 1500);
    if (mtu > limit) throw refused(`mtu: it cannot be above that of the parent interface (${limit}).`);
    return;
  }
  const children = new Set(vlans.filter((vlan) => textAt(vlan, 'if') === device).map((vlan) => textAt(vlan, 'vlanif')));
  const larger = others.find(
    ([, other]) => children.has(textAt(other, 'if')) && Number(textAt(other, 'mtu') ?? 0) > mtu,
  );
  if (larger !== undefined) throw refused(`mtu: the VLAN ${larger[0]} has a larger one.`);
}

/** @throws PfsenseError `bad_input` */
export function checkBogons(config: ConfigTree): void {
  const isSix = treeAt(config, 'system/ipv6allow') !== undefined;
  const limit = Number(textAt(config, 'system/maximumtableentries') || 0);
  if (isSix && limit < ENTRIES_FOR_BOGONS)
    throw refused(`blockBogons: the tables of the firewall hold too few entries for it (${limit}).`);
}
