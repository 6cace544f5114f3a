import { describe, expect, test } from 'vitest';
import { judgeNetwork } from '../../src/changes/lockout/network.ts';
import type { SessionFacts } from '../../src/changes/lockout/session.ts';
import { type ConfigTree, treeAt } from '../../src/config/model.ts';
import { withTree } from '../../src/config/update.ts';
import { change, sample } from './kinds/sample.ts';

const base = withTree(sample(), ['dhcpd'], '');
const devices = { wan: 'igb0', lan: 'igb1', opt1: 'igb1.20', opt2: 'igb2', opt3: 'igb3' };
const addresses = {
  igb0: ['198.51.100.23/24'],
  igb1: ['192.168.1.1/24', '192.168.1.254/24'],
  igb2: ['10.10.0.1/24'],
  'igb1.20': ['192.168.20.1/24'],
  igb3: ['203.0.113.10/29'],
};
const facts = { devices, addresses, tables: [], tests: {}, hasPending: false, localTime: '2026-11-21T10:00:00' };

function session(client: string, server: string, replyDevice: string | null): SessionFacts {
  return { ...facts, replyDevice, connection: { client, clientPort: 50_000, server, serverPort: 22 } };
}
const LAN = session('192.168.1.10', '192.168.1.1', 'igb1');
const GUEST = session('192.168.20.7', '192.168.20.1', 'igb1.20');
const INTERNET = session('192.0.2.9', '198.51.100.23', 'igb0');
const BRANCH = session('10.50.3.4', '203.0.113.10', 'igb3');
const VIRTUAL = session('192.168.1.10', '192.168.1.254', 'igb1');
const TUNNEL = session('10.8.0.2', '192.168.1.1', 'ovpns1');

type Step = readonly [kind: string, args: Record<string, unknown>];
const changed = (...steps: readonly Step[]): ConfigTree =>
  steps.reduce((config, [kind, args]) => change(config, kind, args), base);
const said = (facts: SessionFacts, candidate: ConfigTree): string =>
  JSON.stringify(judgeNetwork(facts, base, candidate, []).filter(({ verdict }) => verdict !== 'unchanged'));

const off: Step = ['interface.toggle', { interface: 'lan', enabled: false }];
const CUTS: readonly (readonly [string, SessionFacts, readonly Step[], RegExp])[] = [
  ['its interface goes off', LAN, [off], /the interface lan, by which it came in, changes \(enable\)/],
  [
    'its interface gets another address',
    LAN,
    [['interface.update', { interface: 'lan', ipv4: { type: 'static', address: '192.168.7.1/24' } }]],
    /lan/,
  ],
  ['the MTU of its interface changes', LAN, [['interface.update', { interface: 'lan', mtu: 1400 }]], /\(mtu\)/],
  ['the parent of its VLAN goes off', GUEST, [off], /the interface lan, which carries it/],
  ['its VLAN moves', GUEST, [['vlan.update', { device: 'igb1.20', parent: 'igb2' }]], /device igb1\.20/],
  ['its VLAN gets a priority', GUEST, [['vlan.update', { device: 'igb1.20', priority: 3 }]], /device igb1\.20/],
  [
    'its virtual address moves',
    VIRTUAL,
    [['virtual_ip.update', { id: '192.168.1.254', address: '192.168.1.253/24' }]],
    /virtual address/,
  ],
  ['its virtual address goes', VIRTUAL, [['virtual_ip.delete', { id: '192.168.1.254' }]], /virtual address/],
  ['the default route goes another way', INTERNET, [['gateway.set_default', { gateway: 'WAN2GW' }]], /another way/],
  ['the default route goes', INTERNET, [['gateway.set_default', { gateway: 'none' }]], /another way/],
  ['its gateway counts as down', INTERNET, [['gateway.update', { name: 'WAN_DHCP', forceDown: true }]], /another way/],
  [
    'a route to it appears',
    INTERNET,
    [['static_route.add', { network: '192.0.2.0/24', gateway: 'WAN2GW' }]],
    /static route to 192\.0\.2\.0\/24 by WAN2GW/,
  ],
  [
    'a closer route to it appears',
    BRANCH,
    [['static_route.add', { network: '10.50.3.0/24', gateway: 'WAN_DHCP' }]],
    /10\.50\.3\.0\/24/,
  ],
  ['the route to it goes', BRANCH, [['static_route.delete', { network: '10.50.0.0/16' }]], /another way/],
  [
    'the route to it takes another gateway',
    BRANCH,
    [['static_route.update', { network: '10.50.0.0/16', gateway: 'WAN_DHCP' }]],
    /another way/,
  ],
  [
    'the gateway of its route moves',
    BRANCH,
    [['gateway.update', { name: 'WAN2GW', address: '203.0.113.12' }]],
    /another way/,
  ],
  [
    'an interface takes its network over',
    BRANCH,
    [['interface.update', { interface: 'opt2', ipv4: { type: 'static', address: '10.50.3.1/24' } }]],
    /another way/,
  ],
  [
    'a tunnel may lose what carries it',
    TUNNEL,
    [['interface.update', { interface: 'opt2', mtu: 1400 }]],
    /may depend on the interface opt2/,
  ],
  ['a device is not there', LAN, [['vlan.create', { parent: 'igb9', tag: 5 }]], /next start.*no device igb9/],
  ['an interface of a device that is not there', LAN, [['interface.assign', { device: 'em7' }]], /no device em7/],
];

const HARMLESS: readonly (readonly [string, SessionFacts, readonly Step[]])[] = [
  ['another interface goes off', LAN, [['interface.toggle', { interface: 'opt2', enabled: false }]]],
  ['its interface gets a name', LAN, [['interface.update', { interface: 'lan', description: 'OFFICE' }]]],
  ['its interface gets an MSS', LAN, [['interface.update', { interface: 'lan', mss: 1300 }]]],
  [
    'a sister VLAN is made and assigned',
    GUEST,
    [
      ['vlan.create', { parent: 'igb1', tag: 30 }],
      ['interface.assign', { device: 'igb1.30' }],
    ],
  ],
  ['its VLAN gets a description', GUEST, [['vlan.update', { device: 'igb1.20', description: 'Visitors' }]]],
  ['the default route does not concern it', LAN, [['gateway.set_default', { gateway: 'WAN2GW' }]]],
  ['a route to others', INTERNET, [['static_route.add', { network: '10.70.0.0/16', gateway: 'WAN2GW' }]]],
  [
    'a route that covers less than the one it has',
    BRANCH,
    [['static_route.add', { network: '10.0.0.0/8', gateway: 'WAN_DHCP' }]],
  ],
  [
    'a disabled route to it',
    INTERNET,
    [['static_route.add', { network: '192.0.2.0/24', gateway: 'WAN2GW', disabled: true }]],
  ],
  ['a gateway beside its own', LAN, [['gateway.add', { name: 'NEW', interface: 'lan', address: '192.168.1.250' }]]],
  ['its gateway is measured elsewhere', INTERNET, [['gateway.update', { name: 'WAN_DHCP', monitor: '9.9.9.9' }]]],
  [
    'another virtual address',
    VIRTUAL,
    [['virtual_ip.add', { mode: 'ipalias', interface: 'lan', address: '192.168.1.240/24' }]],
  ],
];

describe('a change of the network', () => {
  test.each(CUTS)('is refused when %s', (_what, facts, steps, because) => {
    expect(said(facts, changed(...steps))).toMatch(because);
  });

  test.each(HARMLESS)('is allowed when %s', (_what, facts, steps) => {
    const candidate = changed(...steps);
    expect(candidate).not.toBe(base);
    expect(said(facts, candidate)).toBe('[]');
    expect(judgeNetwork(facts, base, candidate, [])).toMatchObject([{ verdict: 'unchanged' }]);
  });

  test('is refused when nobody knows by which way the session came', () => {
    const candidate = changed(['static_route.add', { network: '10.70.0.0/16', gateway: 'WAN2GW' }]);
    expect(judgeNetwork(session('192.0.2.9', '198.51.100.23', null), base, candidate, [])).toMatchObject([
      { verdict: 'unknown' },
    ]);
    expect(judgeNetwork({ ...LAN, connection: null }, base, candidate, [])).toMatchObject([{ verdict: 'unknown' }]);
  });

  test('of other parts says nothing', () => {
    const candidate = changed([
      'schedule.create',
      { name: 'night', ranges: [{ days: ['mon'], from: '1:00', to: '2:00' }] },
    ]);
    expect(judgeNetwork({ ...LAN, connection: null }, base, candidate, [])).toEqual([]);
    expect(treeAt(candidate, 'schedules/schedule/1')).toBeDefined();
  });
});
