import { z } from 'zod';
import { type ConfigTree, listAt, textAt, treeAt } from '../../../config/model.ts';
import { withoutTree, withTree } from '../../../config/update.ts';
import { defineKind, refused } from '../../kind.ts';
import { checkGatewayNames } from './name.ts';
import { InterfaceKey } from './store.ts';

export default defineKind({
  id: 'interface.unassign',
  summary: 'Take an interface away, with its DHCP server and the filter rules of its tab; the device stays.',
  tier: 'durable',
  input: z.strictObject({ interface: InterfaceKey }),
  example: { interface: 'opt4' },
  apply(config, { interface: key }) {
    if (treeAt(config, `interfaces/${key}`) === undefined) return config;
    if (key === 'wan') throw refused('interface: wan cannot be taken away.');
    const users = usersOf(config, key);
    if (users.length > 0)
      throw refused(
        `interface: ${key} is in use by ${users.slice(0, 8).join(', ')}${users.length > 8 ? ' and more' : ''}.`,
        'Change those first; the same plan can do it.',
      );
    checkGatewayNames(config, key);
    const without = [`interfaces/${key}`, `dhcpd/${key}`, `dhcpdv6/${key}`].reduce(
      (tree, path) => withoutTree(tree, path.split('/')),
      config,
    );
    const rules = listAt(config, 'filter/rule');
    const kept = rules.filter((rule) => textAt(rule, 'interface') !== key);
    return kept.length === rules.length ? without : withTree(without, ['filter', 'rule'], kept);
  },
});

/** pfSense's page knows groups, bridges, tunnels and queues; what else names an interface would be left without it. */
function usersOf(config: ConfigTree, key: string): string[] {
  const listed = (path: string, field: string, noun: string, separator: RegExp): string[] =>
    listAt(config, path)
      .filter((item) => (textAt(item, field) ?? '').split(separator).includes(key))
      .map((item, index) => `${noun} ${textAt(item, 'name') ?? textAt(item, 'ifname') ?? index + 1}`);
  return [
    ...listed('ifgroups/ifgroupentry', 'members', 'interface group', /[\s,]+/),
    ...listed('bridges/bridged', 'members', 'bridge', /,/),
    ...listed('gres/gre', 'if', 'GRE tunnel', /(?!)/),
    ...listed('gifs/gif', 'if', 'GIF tunnel', /(?!)/),
    ...listed('shaper/queue', 'interface', 'traffic shaper', /(?!)/),
    ...listed('gateways/gateway_item', 'interface', 'gateway', /(?!)/),
    ...listed('virtualip/vip', 'interface', 'virtual address', /(?!)/),
    ...listed('nat/rule', 'interface', 'port forward', /,/),
    ...listed('nat/outbound/rule', 'interface', 'outbound NAT rule', /,/),
    ...listed('nat/onetoone', 'interface', '1:1 NAT', /,/),
    ...listed('nat/npt', 'interface', 'NPt rule', /,/),
    ...listed('openvpn/openvpn-server', 'interface', 'OpenVPN server', /(?!)/),
    ...listed('openvpn/openvpn-client', 'interface', 'OpenVPN client', /(?!)/),
    ...listed('ipsec/phase1', 'interface', 'IPsec tunnel', /(?!)/),
    ...rulesNaming(config, key),
    ...(textAt(config, 'hasync/pfsyncinterface') === key ? ['state synchronisation'] : []),
  ];
}

/** Rules of other tabs that would go on naming it. */
function rulesNaming(config: ConfigTree, key: string): string[] {
  const words = ['source/network', 'destination/network'];
  return listAt(config, 'filter/rule')
    .filter((rule) => textAt(rule, 'interface') !== key)
    .filter(
      (rule) =>
        words.some((field) => [key, `${key}ip`].includes(textAt(rule, field) ?? '')) ||
        (textAt(rule, 'interface') ?? '').split(',').includes(key),
    )
    .map((rule) => `filter rule ${textAt(rule, 'tracker')}`);
}
