import { z } from 'zod';
import { type ConfigSection, type ConfigTree, entriesAt, listAt, textAt } from '../../../config/model.ts';
import { sectionOf, withTree } from '../../../config/update.ts';
import { notThere, refused } from '../../kind.ts';
import { Description, plainText } from '../text.ts';

export const Device = plainText(15)
  .regex(/^[a-z][a-z0-9_]*\d(?:\.\d+)*$/i, 'must be the name of a device, such as igb1')
  .describe('Device, such as igb1');
export const VlanDevice = plainText(24).min(3).describe('Device of the VLAN, such as igb1.20');

/** What a VLAN can be given; every part may be absent in an update. */
export const vlanFields = {
  parent: Device,
  tag: z.int().min(1).max(4094),
  priority: z.int().min(0).max(7).nullable().describe('802.1p priority; null: best effort'),
  description: Description,
};

export function vlansOf(config: ConfigTree): ConfigSection[] {
  return listAt(config, 'vlans/vlan').map(sectionOf);
}

export function withVlans(config: ConfigTree, vlans: readonly ConfigSection[]): ConfigTree {
  return withTree(config, ['vlans', 'vlan'], vlans);
}

export function deviceOf(vlan: ConfigTree): string {
  return textAt(vlan, 'vlanif') || `${textAt(vlan, 'if')}.${textAt(vlan, 'tag')}`;
}

export function findVlan(config: ConfigTree, device: string): { vlan: ConfigSection; index: number } | undefined {
  const index = vlansOf(config).findIndex((vlan) => deviceOf(vlan) === device);
  const vlan = vlansOf(config)[index];
  return vlan && { vlan, index };
}

/** @throws PfsenseError `not_found` */
export function needVlan(config: ConfigTree, device: string): { vlan: ConfigSection; index: number } {
  const found = findVlan(config, device);
  if (found === undefined)
    throw notThere(`device: there is no VLAN ${device}.`, 'pf_interface_list lists them; vlan.create makes one.');
  return found;
}

/** Key of the interface that a device is assigned to. */
export function assignedTo(config: ConfigTree, device: string): string | undefined {
  return entriesAt(config, 'interfaces').find(([, entry]) => textAt(entry, 'if') === device)?.[0];
}

/**
 * Refuses what pfSense's page would not save.
 * @throws PfsenseError `bad_input`
 */
export function checkVlan(config: ConfigTree, vlan: ConfigSection, others: readonly ConfigSection[]): void {
  const [parent, tag] = [textAt(vlan, 'if') ?? '', textAt(vlan, 'tag')];
  const isMember = listAt(config, 'laggs/lagg').some((lagg) =>
    (textAt(lagg, 'members') ?? '').split(',').includes(parent),
  );
  if (isMember) throw refused(`parent: ${parent} is a member of a link aggregation.`, 'Use the lagg device itself.');
  if (others.some((other) => textAt(other, 'if') === parent && textAt(other, 'tag') === tag))
    throw refused(`tag: there is a VLAN ${tag} on ${parent} already.`);
  if (listAt(config, 'qinqs/qinqentry').some((one) => textAt(one, 'if') === parent && textAt(one, 'tag') === tag))
    throw refused(`tag: a QinQ of ${parent} has it.`);
}

/**
 * What is built on a VLAN, besides the interface that it is assigned to.
 */
export function usersOf(config: ConfigTree, device: string): string[] {
  const ports = listAt(config, 'ppps/ppp')
    .filter((ppp) => (textAt(ppp, 'ports') ?? '').split(',').includes(device))
    .map((ppp) => `PPP link ${textAt(ppp, 'if')}`);
  const tagged = [...vlansOf(config), ...listAt(config, 'qinqs/qinqentry')]
    .filter((vlan) => textAt(vlan, 'if') === device)
    .map((vlan) => `VLAN ${textAt(vlan, 'vlanif')}`);
  return [...ports, ...tagged];
}
