import { z } from 'zod';
import { networkOf } from '../../../config/address-block.ts';
import { type ConfigTree, textAt } from '../../../config/model.ts';
import { freeUniqid } from '../../allocation.ts';
import { defineKind, refused } from '../../kind.ts';
import { type Fields, flag, isAlike, sectionIn } from '../fields.ts';
import { checkVip } from './check.ts';
import { findVip, needVip, VipId, vipFields, vipsOf, withVips } from './vip.ts';

const ORDER = 'mode interface noexpand vhid advskew advbase password uniqid descr type subnet_bits subnet'.split(' ');

const input = z.strictObject({
  mode: z.enum(['ipalias', 'carp', 'proxyarp', 'other']),
  interface: vipFields.interface,
  address: vipFields.address,
  description: vipFields.description.default(''),
  vhid: vipFields.vhid.optional(),
  base: vipFields.base.default(1),
  skew: vipFields.skew.default(0),
  passwordOf: VipId.optional().describe('CARP: another CARP address whose password it shares; none is given here'),
  noExpand: vipFields.noExpand.default(false),
});
type Arguments = z.output<typeof input>;

export default defineKind({
  id: 'virtual_ip.add',
  summary: 'Add a virtual address: IP alias, CARP, proxy ARP or other.',
  tier: 'durable',
  input,
  example: { mode: 'ipalias', interface: 'opt3', address: '203.0.113.11/29', description: 'Mail' },
  apply(config, args, { now }) {
    const { network: subnet, length } = readAddress(args.address);
    const isOwn = args.mode === 'ipalias' || args.mode === 'carp';
    const full = length === (subnet.includes(':') ? 128 : 32);
    const fields: Fields = {
      ...{ mode: args.mode, interface: args.interface, descr: args.description, subnet },
      ...{ subnet_bits: String(length), type: isOwn || full ? 'single' : 'network' },
      ...(isOwn ? {} : flag('noexpand', args.noExpand)),
      ...(args.mode === 'carp' ? carpFields(config, args) : {}),
    };
    const found = findVip(config, subnet);
    const { uniqid, ...old } = found?.vip ?? {};
    if (found !== undefined && isAlike(old, sectionIn(ORDER, fields))) return config;
    if (found !== undefined)
      throw refused('address: there is another virtual address like it.', 'Change it with virtual_ip.update.');
    const vip = sectionIn(ORDER, { ...fields, ...(isOwn ? { uniqid: freeUniqid(config, now) } : {}) });
    checkVip(config, vip, vipsOf(config));
    return withVips(config, [...vipsOf(config), vip]);
  },
});

/** @throws PfsenseError `bad_input` */
export function readAddress(text: string): { network: string; length: number } {
  const found = networkOf(text);
  if (found === undefined || text.includes('-')) throw refused('address: no address such as 192.0.2.5/24.');
  return found;
}

/** A password would have to go through the model and the plan, so that one is shared that is there. */
function carpFields(config: ConfigTree, { vhid, base, skew, passwordOf }: Arguments): Fields {
  if (vhid === undefined) throw refused('vhid: a CARP address needs a group.');
  if (passwordOf === undefined)
    throw refused(
      'passwordOf: name a CARP address whose password the new one shares.',
      'Passwords are not taken as arguments: the first CARP address of a cluster is made in the GUI.',
    );
  const password = textAt(needVip(config, passwordOf).vip, 'password');
  if (!password) throw refused('passwordOf: that address has no password.');
  return { vhid: String(vhid), advbase: String(base), advskew: String(skew), password };
}
