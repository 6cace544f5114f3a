import { z } from 'zod';
import { type ConfigSection, type ConfigTree, listAt, textAt } from '../../../config/model.ts';
import { withTree } from '../../../config/update.ts';
import { defineKind, refused } from '../../kind.ts';
import { type Fields, flag, given, withFields } from '../fields.ts';
import { readAddress } from './add.ts';
import { checkVip } from './check.ts';
import { findVip, needVip, VipId, vipFields, vipsOf, withVips } from './vip.ts';

const VipChanges = z.strictObject(vipFields).partial();

export default defineKind({
  id: 'virtual_ip.update',
  summary: 'Change parts of a virtual address; NAT rules that name its address follow.',
  tier: 'durable',
  input: VipChanges.extend({ id: VipId }),
  example: { id: '203.0.113.11', description: 'Mail and web' },
  apply(config, { id, ...args }) {
    const found = foundFor(config, id, args.address);
    const { vip: old, index } = found;
    const vip = withFields(old, fieldsOf(old, args));
    if (vip === old) return config;
    checkVip(config, vip, vipsOf(config).toSpliced(index, 1));
    const [from, to] = [textAt(old, 'subnet') ?? '', textAt(vip, 'subnet') ?? ''];
    return renamed(withVips(config, vipsOf(config).with(index, vip)), from, to);
  },
});

/** The virtual address; the one that it was made to be, when it is gone under its old address. */
function foundFor(config: ConfigTree, id: string, address: string | undefined): ReturnType<typeof needVip> {
  const moved = findVip(config, id) === undefined && address !== undefined ? findVip(config, address) : undefined;
  return moved ?? needVip(config, id);
}

function fieldsOf(vip: ConfigSection, args: z.output<typeof VipChanges>): Fields {
  const mode = textAt(vip, 'mode');
  if (mode !== 'carp' && [args.vhid, args.base, args.skew].some((value) => value !== undefined))
    throw refused('vhid, base, skew: only CARP addresses have them.');
  if (args.noExpand !== undefined && mode !== 'proxyarp' && mode !== 'other')
    throw refused('noExpand: only proxy ARP and other addresses have it.');
  const text = (value: number | undefined): string | undefined => (value === undefined ? undefined : String(value));
  return {
    ...given('interface', args.interface),
    ...(args.address === undefined ? {} : addressFields(args.address)),
    ...given('descr', args.description),
    ...given('vhid', text(args.vhid)),
    ...given('advbase', text(args.base)),
    ...given('advskew', text(args.skew)),
    ...flag('noexpand', args.noExpand),
  };
}

function addressFields(text: string): Fields {
  const { network, length } = readAddress(text);
  return { subnet: network, subnet_bits: String(length) };
}

function renamed(config: ConfigTree, from: string, to: string): ConfigTree {
  if (from === to) return config;
  const places: readonly (readonly [string, string])[] = [
    ['nat/rule', 'destination/address'],
    ['nat/outbound/rule', 'target'],
  ];
  return places.reduce(
    (tree, [list, field]) =>
      listAt(tree, list).reduce<ConfigTree>(
        (inner, item, index) =>
          textAt(item, field) === from ? withTree(inner, [...list.split('/'), index, ...field.split('/')], to) : inner,
        tree,
      ),
    config,
  );
}
