import fc from 'fast-check';
import { identified } from '../../../src/config/identity.ts';
import { type ConfigTree, listAt } from '../../../src/config/model.ts';
import { past, REVISION } from './sample.ts';

type Arguments = fc.Arbitrary<Record<string, unknown>>;

const pick = fc.constantFrom;
const LISTS = [
  ...['filter/rule', 'nat/rule', 'nat/outbound/rule', 'nat/onetoone', 'nat/npt', 'aliases/alias'],
  ...['schedules/schedule', 'gateways/gateway_item', 'gateways/gateway_group', 'staticroutes/route', 'virtualip/vip'],
  ...['vlans/vlan', 'dhcpd/lan/staticmap', 'unbound/hosts', 'unbound/domainoverrides'],
];

/** Objects that a configuration has, as answers name them. */
export function objectsOf(config: ConfigTree, lists: readonly string[] = LISTS): string[] {
  return lists.flatMap((list) => identified(listAt(config, list), list).map(({ identity }) => `${list}/${identity}`));
}

/** Arguments of the kinds that bring things back, or reach what no kind of its own does. */
export function restoreArguments(base: ConfigTree): Readonly<Record<string, Arguments>> {
  const objects = pick(...new Set([...objectsOf(past()), ...objectsOf(base)]));
  const values: fc.Arbitrary<[string, unknown]> = fc.oneof(
    fc.tuple(pick('syslog/nentries', 'syslog/format', 'ntpd/orphan', 'mcp-test/a/b'), pick<unknown>('1', '', '500')),
    pick<[string, unknown]>(
      ['wol/wolentry', [{ interface: 'lan', mac: '00:11:22:33:44:55', descr: 'One' }]],
      ['mcp-test', { a: { b: 'c' } }],
      ['mcp-test', ''],
    ),
  );
  return {
    'config.set': values.map(([path, value]) => ({ path, value })),
    'config.delete': pick('syslog/nentries', 'syslog', 'ntpd/orphan', 'mcp-test', 'wol/wolentry/00:11:22:33:44:55').map(
      (path) => ({ path }),
    ),
    'revision.restore': fc.constant({ revision: REVISION }),
    'object.restore': objects.map((object) => ({ revision: REVISION, object })),
  };
}
