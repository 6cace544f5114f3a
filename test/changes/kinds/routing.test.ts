import { describe, expect, test } from 'vitest';
import { operationsBetween } from '../../../src/changes/operation.ts';
import { stepsFor } from '../../../src/changes/steps.ts';
import { type ConfigTree, listAt, textAt, treeAt } from '../../../src/config/model.ts';
import { withTree } from '../../../src/config/update.ts';
import { PfsenseError } from '../../../src/core/errors.ts';
import { change, ruleWith, sample } from './sample.ts';

const base = sample();
const gateway = (config: ConfigTree, name: string) => ruleWith(config, 'name', name, 'gateways/gateway_item');
const fresh = (more: Record<string, unknown>) => ({ name: 'NEW', interface: 'opt3', address: '203.0.113.14', ...more });
const alone = ['filter/rule', 'staticroutes/route', 'gateways/gateway_group'].reduce(
  (config, path) => withTree(config, path.split('/'), []),
  base,
);

describe('static routes', () => {
  test('are written with their network, whatever address of it is given', () => {
    const config = change(base, 'static_route.add', { network: '2001:DB8:7::1/48', gateway: 'Null6', disabled: true });
    expect(listAt(config, 'staticroutes/route').at(-1)).toEqual({
      ...{ network: '2001:db8:7::/48', gateway: 'Null6', descr: '', disabled: '' },
    });
    const host = change(base, 'static_route.add', { network: '10.70.0.1', gateway: 'WAN_DHCP' });
    expect(textAt(host, 'staticroutes/route/2/network')).toBe('10.70.0.1/32');
  });

  test('need the routes and then the rules anew', () => {
    const config = change(base, 'static_route.delete', { network: '10.50.0.0/16' });
    expect(stepsFor(operationsBetween(base, config), base, config).map(({ name }) => name)).toEqual([
      'routing',
      'filter',
    ]);
  });
});

describe('gateways', () => {
  test('that pfSense makes by itself come into the list when they are changed', () => {
    const named = withTree(base, ['interfaces', 'wan', 'ipaddrv6'], 'dhcp6');
    const config = change(named, 'gateway.update', { name: 'WAN_DHCP6', monitor: '2001:db8::1' });
    expect(gateway(config, 'WAN_DHCP6')).toEqual({
      ...{ interface: 'wan', gateway: 'dynamic', name: 'WAN_DHCP6', weight: '1', ipprotocol: 'inet6' },
      ...{ descr: 'Interface WAN_DHCP6 Gateway', gw_down_kill_states: '', monitor: '2001:db8::1' },
    });
  });

  test('that are deleted leave no name at their interface', () => {
    const config = change(alone, 'gateway.delete', { name: 'WAN2GW' });
    expect(gateway(config, 'WAN2GW')).toBeUndefined();
    expect(treeAt(config, 'interfaces/opt3/gateway')).toBeUndefined();
  });

  test('of the default route are a name, nothing or a dash', () => {
    for (const [wanted, written] of [
      ['WAN2GW', 'WAN2GW'],
      ['Failover', 'Failover'],
      ['automatic', ''],
      ['none', '-'],
    ])
      expect(textAt(change(base, 'gateway.set_default', { gateway: wanted }), 'gateways/defaultgw4')).toBe(written);
  });
});

const REFUSALS: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
  ['static_route.add', { network: 'nobody', gateway: 'WAN_DHCP' }, /network: neither/],
  ['static_route.add', { network: '10.0.0.0/33', gateway: 'WAN_DHCP' }, /network: neither/],
  ['static_route.add', { network: 'mgmt_ports', gateway: 'WAN_DHCP' }, /network: neither/],
  ['static_route.add', { network: 'threats', gateway: 'WAN_DHCP' }, /network: neither/],
  ['static_route.add', { network: '10.70.0.0/16', gateway: 'NONE_SUCH' }, /gateway: there is no gateway/],
  ['static_route.add', { network: '10.70.0.0/16', gateway: 'Failover' }, /gateway: there is no gateway/],
  ['static_route.add', { network: '10.70.0.0/16', gateway: 'Null6' }, /other address family/],
  ['static_route.add', { network: '10.50.0.0/16', gateway: 'WAN_DHCP' }, /another static route/],
  ['static_route.add', { network: '192.168.1.0/24', gateway: 'WAN_DHCP' }, /network of the interface lan/],
  ['static_route.update', { network: '10.99.0.0/16', gateway: 'WAN_DHCP' }, /there is no static route/],
  ['static_route.update', { network: '10.50.0.0/16', newNetwork: '10.60.0.0/16' }, /static route to 10\.60/],
  ['static_route.toggle', { network: '10.99.0.0/16', enabled: true }, /there is no static route/],
  ['gateway.add', fresh({ name: 'a b' }), /name: no gateway can have/],
  ['gateway.add', fresh({ name: 'WAN2GW' }), /another gateway WAN2GW/],
  ['gateway.add', fresh({ interface: 'opt9' }), /interface: there is no interface/],
  ['gateway.add', fresh({ address: 'x.example' }), /address: neither/],
  ['gateway.add', fresh({ address: '203.0.113.9' }), /WAN2GW has it already/],
  ['gateway.add', fresh({ address: '203.0.114.1' }), /none of the networks/],
  ['gateway.add', fresh({ address: '2001:db8::1' }), /no address of this family/],
  ['gateway.add', fresh({ address: 'dynamic' }), /family: it is needed/],
  ['gateway.add', fresh({ address: 'dynamic', family: 'inet' }), /static address/],
  ['gateway.add', fresh({ family: 'inet6' }), /other family/],
  ['gateway.add', fresh({ monitor: '2001:db8::1' }), /monitor: .*other family/],
  ['gateway.add', fresh({ monitor: '9.9.9.10' }), /measured there already/],
  ['gateway.add', fresh({ monitor: 'dns.example' }), /monitor: no IP address/],
  ['gateway.add', fresh({ latencyLowMs: 500 }), /latencyHighMs/],
  ['gateway.add', fresh({ lossLowPercent: 20 }), /lossHighPercent/],
  ['gateway.add', fresh({ lossIntervalMs: 499 }), /lossIntervalMs/],
  ['gateway.add', fresh({ timePeriodMs: 3000 }), /timePeriodMs/],
  ['gateway.add', fresh({ probeIntervalMs: 1001 }), /alertIntervalMs/],
  ['gateway.update', { name: 'NONE_SUCH', weight: 2 }, /name: there is no gateway/],
  ['gateway.update', { name: 'Null4', weight: 2 }, /own/],
  ['gateway.toggle', { name: 'WAN2GW', enabled: false }, /in use by gateway group Failover, static route 10\.50/],
  ['gateway.toggle', { name: 'WAN_DHCP', enabled: false }, /the default route of IPv4/],
  ['gateway.delete', { name: 'WAN2GW' }, /static route 10\.60\.0\.0\/16.*filter rule 1700000007/],
  ['gateway.set_default', { gateway: 'NONE_SUCH' }, /there is no gateway/],
  ['gateway.set_default', { gateway: 'WAN2GW', family: 'inet6' }, /other address family/],
];

describe('what the pages of pfSense would not save is refused', () => {
  test.each(REFUSALS)('%s %j', (kind, args, message) => {
    let error: unknown;
    try {
      change(base, kind, args);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(PfsenseError);
    expect(error).toMatchObject({ code: expect.stringMatching(/^(bad_input|not_found)$/) });
    expect(String(error)).toMatch(message);
  });

  test('nothing is sent to a gateway whose interface is off', () => {
    const off = change(alone, 'gateway.toggle', { name: 'WAN2GW', enabled: false });
    const route = { network: '10.70.0.0/16', gateway: 'WAN2GW' };
    expect(() => change(off, 'static_route.add', route)).toThrow(/is disabled/);
    expect(change(off, 'static_route.add', { ...route, disabled: true })).not.toBe(off);
    expect(() => change(off, 'gateway.set_default', { gateway: 'WAN2GW' })).toThrow(/disabled/);
  });
});
