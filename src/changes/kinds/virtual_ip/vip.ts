import { z } from 'zod';
import { canonicalAddress } from '../../../config/address.ts';
import { type ConfigSection, type ConfigTree, listAt, textAt } from '../../../config/model.ts';
import { sectionOf, withTree } from '../../../config/update.ts';
import { notThere } from '../../kind.ts';
import { Description, plainText } from '../text.ts';

export const VipId = plainText(64).trim().min(2).describe('Its address, or its uniqid');

/** What a virtual address can be given besides its kind; every part may be absent in an update. */
export const vipFields = {
  interface: plainText(32)
    .min(1)
    .describe("Key of an interface, 'lo0', or '_vip' and the uniqid of a CARP address to ride on"),
  address: plainText(64).trim().min(2).describe('Address with the length of its network, such as 192.0.2.5/24'),
  description: Description,
  vhid: z.int().min(1).max(255).describe('CARP group, unique on its interface'),
  base: z.int().min(1).max(254).describe('CARP: seconds between advertisements'),
  skew: z.int().min(0).max(254).describe('CARP: 0 is usually the master'),
  noExpand: z.boolean().describe('Proxy ARP, other: not offered address by address in NAT'),
};

export function vipsOf(config: ConfigTree): ConfigSection[] {
  return listAt(config, 'virtualip/vip').map(sectionOf);
}

export function withVips(config: ConfigTree, vips: readonly ConfigSection[]): ConfigTree {
  return withTree(config, ['virtualip', 'vip'], vips);
}

/** The virtual address with this address or uniqid. */
export function findVip(config: ConfigTree, id: string): { vip: ConfigSection; index: number } | undefined {
  const wanted = canonicalAddress(id.split('/')[0] ?? '');
  const index = vipsOf(config).findIndex(
    (vip) => textAt(vip, 'uniqid') === id || canonicalAddress(textAt(vip, 'subnet') ?? '') === wanted,
  );
  const vip = vipsOf(config)[index];
  return vip && { vip, index };
}

/** @throws PfsenseError `not_found` */
export function needVip(config: ConfigTree, id: string): { vip: ConfigSection; index: number } {
  const found = findVip(config, id);
  if (found === undefined)
    throw notThere(`id: there is no virtual address ${id}.`, 'pf_interface_list shows them; virtual_ip.add makes one.');
  return found;
}
