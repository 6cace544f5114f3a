import { type ConfigSection, type ConfigTree, listAt, textAt, treeAt } from '../../../config/model.ts';
import { sectionOf, withTree } from '../../../config/update.ts';
import { defineKind } from '../../kind.ts';
import { checkOptions, optionFields } from '../dhcp_mapping/options.ts';
import { type Fields, flag, given, withFields } from '../fields.ts';
import { networkOfInterface } from '../static-ipv4.ts';
import { ServerChanges } from './arguments.ts';
import { checkServer } from './check.ts';

export default defineKind({
  id: 'dhcp_server.update',
  summary:
    'Change the DHCP server of an interface, for IPv4: on or off, ranges, what it hands out. What is not given stays.',
  tier: 'durable',
  input: ServerChanges,
  example: { interface: 'lan', range: { from: '192.168.1.100', to: '192.168.1.199' }, dnsServers: ['192.168.1.53'] },
  apply(config, args) {
    const key = args.interface;
    networkOfInterface(config, key);
    const old = sectionOf(treeAt(config, `dhcpd/${key}`));
    // A bare mark is how older versions wrote `enabled`.
    const isMarked = args.denyUnknown !== undefined && old['denyunknown'] === '';
    const server = withFields(isMarked ? { ...old, denyunknown: 'enabled' } : old, fieldsOf(old, args));
    if (server === old) return config;
    checkServer(config, key, server);
    checkOptions(config, key, server, args);
    return withTree(config, ['dhcpd', key], server);
  },
});

function fieldsOf(old: ConfigSection, args: ServerChanges): Fields {
  const { denyUnknown, pools } = args;
  return {
    ...flag('enable', args.enabled),
    ...flag('staticarp', args.staticArp),
    ...given('range', args.range),
    ...optionFields(args),
    ...flag('ignorebootp', args.ignoreBootp),
    ...(denyUnknown === undefined ? {} : { denyunknown: denyUnknown === 'disabled' ? undefined : denyUnknown }),
    ...flag('ignoreclientuids', args.ignoreClientIds),
    ...flag('nonak', args.ignoreDenied),
    ...given('mac_allow', args.macAllow?.join(',').toLowerCase()),
    ...given('mac_deny', args.macDeny?.join(',').toLowerCase()),
    ...(pools === undefined ? {} : { pool: pools.length === 0 ? undefined : pools.map((pool) => poolOf(old, pool)) }),
  };
}

type Pool = NonNullable<ServerChanges['pools']>[number];

function poolOf(server: ConfigSection, { from, to, description }: Pool): ConfigTree {
  const old = listAt(server, 'pool').find((pool) => textAt(pool, 'range/from') === from);
  return withFields(sectionOf(old), { range: { from, to }, ...given('descr', description) });
}
