import { describe, expect, test } from 'vitest';
import { operationsBetween } from '../../../src/changes/operation.ts';
import { stepsFor } from '../../../src/changes/steps.ts';
import { type ConfigTree, listAt, textAt, treeAt } from '../../../src/config/model.ts';
import { withTree } from '../../../src/config/update.ts';
import { PfsenseError } from '../../../src/core/errors.ts';
import { change, ruleWith, sample } from './sample.ts';

const base = sample();
const quiet = withTree(base, ['dhcpd'], '');
const stepsOf = (after: ConfigTree) => stepsFor(operationsBetween(quiet, after), quiet, after);

describe('interfaces', () => {
  test('lose what belongs to another way of getting an address', () => {
    const dhcp = change(quiet, 'interface.update', { interface: 'opt3', ipv4: { type: 'dhcp', hostname: 'fw' } });
    expect(treeAt(dhcp, 'interfaces/opt3')).toEqual({
      ...{ enable: '', if: 'igb3', descr: 'WAN2', ipaddr: 'dhcp', dhcphostname: 'fw' },
      'alias-subnet': '32',
    });
    const back = change(dhcp, 'interface.update', {
      interface: 'opt3',
      ipv4: { type: 'static', address: '203.0.113.10/29', gateway: 'WAN2GW' },
    });
    expect(treeAt(back, 'interfaces/opt3')).toEqual(treeAt(quiet, 'interfaces/opt3'));
    const none = change(quiet, 'interface.update', { interface: 'opt2', ipv4: { type: 'none' } });
    expect(treeAt(none, 'interfaces/opt2')).toEqual({ enable: '', if: 'igb2', descr: 'DMZ' });
  });

  test('are configured anew only for what is not brought into force elsewhere', () => {
    const named = change(quiet, 'interface.update', { interface: 'opt2', description: 'SERVERS', mss: 1300 });
    expect(stepsOf(named)).toContainEqual({ name: 'interfaces', subjects: [] });
    const moved = change(named, 'interface.update', { interface: 'opt2', mtu: 1400 });
    expect(stepsOf(moved)).toContainEqual({ name: 'interfaces', subjects: ['opt2'] });
    expect(stepsOf(moved).map(({ name }) => name)).toEqual(['interfaces', 'routing', 'filter']);
  });

  test('take the rules of their tab with them, and nothing that others name', () => {
    const made = change(change(quiet, 'vlan.create', { parent: 'igb2', tag: 30 }), 'interface.assign', {
      device: 'igb2.30',
    });
    expect(treeAt(made, 'interfaces/opt4')).toEqual({ descr: 'OPT4', if: 'igb2.30' });
    const on = change(made, 'interface.toggle', { interface: 'opt4', enabled: true });
    const ruled = change(on, 'firewall_rule.add', { interface: 'opt4' });
    const gone = change(ruled, 'interface.unassign', { interface: 'opt4' });
    expect(treeAt(gone, 'interfaces/opt4')).toBeUndefined();
    expect(listAt(gone, 'filter/rule')).toHaveLength(listAt(ruled, 'filter/rule').length - 1);
    const named = change(on, 'firewall_rule.add', { interface: 'lan', source: { address: 'opt4' } });
    expect(() => change(named, 'interface.unassign', { interface: 'opt4' })).toThrow(/in use by filter rule/);
  });
});

describe('VLANs and virtual addresses', () => {
  test('a VLAN takes its interface along to another parent', () => {
    const moved = change(quiet, 'vlan.update', { device: 'igb1.20', parent: 'igb2' });
    expect(textAt(moved, 'interfaces/opt1/if')).toBe('igb2.20');
    expect(textAt(moved, 'vlans/vlan/0/vlanif')).toBe('igb2.20');
    expect(stepsOf(moved).map(({ name }) => name)).toEqual(['vlans', 'interfaces', 'routing', 'filter']);
  });

  test('a CARP address shares a password, which is no argument', () => {
    const carp = { mode: 'carp', interface: 'opt2', address: '10.10.0.254/24', vhid: 7, skew: 100 };
    const after = change(quiet, 'virtual_ip.add', { ...carp, passwordOf: '192.168.1.254' });
    const { uniqid, ...vip } = Object(ruleWith(after, 'subnet', '10.10.0.254', 'virtualip/vip'));
    expect(vip).toEqual({
      ...{ mode: 'carp', interface: 'opt2', vhid: '7', advskew: '100', advbase: '1' },
      ...{ password: 'lab-only-carp-password', descr: '', type: 'single', subnet_bits: '24', subnet: '10.10.0.254' },
    });
    expect(() => change(quiet, 'virtual_ip.add', carp)).toThrow(/passwordOf: name a CARP address/);
    const alias = { mode: 'ipalias', interface: `_vip${uniqid}`, address: '10.10.0.253/24' };
    const ridden = change(after, 'virtual_ip.add', alias);
    expect(() => change(ridden, 'virtual_ip.delete', { id: '10.10.0.254' })).toThrow(/virtual address 10\.10\.0\.253/);
  });

  test('NAT follows a virtual address that moves', () => {
    const made = change(quiet, 'virtual_ip.add', { mode: 'other', interface: 'opt3', address: '203.0.113.11' });
    const moved = change(made, 'virtual_ip.update', { id: '203.0.113.11', address: '203.0.113.13' });
    expect(textAt(moved, 'nat/outbound/rule/0/target')).toBe('203.0.113.13');
    expect(() => change(moved, 'virtual_ip.delete', { id: '203.0.113.13' })).toThrow(/outbound NAT rule 1/);
  });
});

const ipv4 = (address: string, more = {}) => ({ interface: 'opt2', ipv4: { type: 'static', address, ...more } });
const vip = (more: Record<string, unknown>) => ({
  mode: 'ipalias',
  interface: 'lan',
  address: '192.168.1.9/24',
  ...more,
});
const REFUSALS: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
  ['interface.update', { interface: 'opt9', mtu: 1400 }, /there is no interface/],
  ['interface.update', { interface: 'opt2', description: 'a b' }, /description: must be/],
  ['interface.update', { interface: 'opt2', description: 'lan' }, /the interface lan has it/],
  ['interface.update', { interface: 'opt2', description: 'blocklist' }, /an alias has it/],
  ['interface.update', { interface: 'opt2', description: 'Guests' }, /a group has it/],
  ['interface.update', { interface: 'opt2', description: '42' }, /digits/],
  ['interface.update', { interface: 'opt2', description: 'pass' }, /packet filter/],
  ['interface.update', { interface: 'opt2', mtu: 500 }, /mtu/],
  ['interface.update', { interface: 'opt1', mtu: 1600 }, /parent interface \(1500\)/],
  ['interface.update', ipv4('10.10.0.0/24'), /that of the network/],
  ['interface.update', ipv4('10.10.0.255/24'), /broadcast/],
  ['interface.update', ipv4('10.10.0.1'), /with the length/],
  ['interface.update', ipv4('2001:db8::1/64'), /no address of this family/],
  ['interface.update', ipv4('192.168.0.1/16'), /overlaps that of the interface lan/],
  ['interface.update', ipv4('10.50.0.1/16'), /static route to 10\.50\.0\.0\/16/],
  ['interface.update', ipv4('10.10.0.1/24', { gateway: 'NONE_SUCH' }), /there is no gateway/],
  ['interface.update', { interface: 'lan', ipv4: { type: 'dhcp' } }, /DHCP server is active/],
  ['interface.update', { interface: 'lan', ipv4: { type: 'static', address: '192.168.1.1/31' } }, /below \/31/],
  ['interface.update', { interface: 'opt2', ipv6: { type: 'static', address: 'fe80::1/64' } }, /link-local/],
  ['interface.update', { interface: 'opt2', blockBogons: true, ipv6: { type: 'slaac' } }, /blockBogons/],
  ['interface.assign', { device: 'igb1.99' }, /no such VLAN/],
  ['interface.assign', { device: 'igb2', description: 'OTHER' }, /interface opt2 already/],
  ['interface.assign', { device: 'igb9', description: 'LAN' }, /the interface lan has it/],
  ['interface.unassign', { interface: 'wan' }, /cannot be taken away/],
  ['interface.unassign', { interface: 'opt3' }, /gateway/],
  ['interface.unassign', { interface: 'opt1' }, /interface group Guests/],
  ['vlan.create', { parent: 'igb1', tag: 20 }, /another VLAN 20/],
  ['vlan.create', { parent: 'igb1', tag: 4095 }, /tag/],
  ['vlan.create', { parent: '../x', tag: 5 }, /parent/],
  ['vlan.update', { device: 'igb1.20', tag: 30 }, /cannot change while the VLAN is the interface opt1/],
  ['vlan.update', { device: 'igb1.99', tag: 30 }, /there is no VLAN/],
  ['vlan.delete', { device: 'igb1.20' }, /the interface opt1/],
  ['virtual_ip.add', vip({ address: '192.168.1.1/24' }), /the interface lan has it/],
  ['virtual_ip.add', vip({ address: '192.168.1.254/24' }), /another virtual address/],
  ['virtual_ip.add', vip({ address: '192.168.1.0/24' }), /that of the network/],
  ['virtual_ip.add', vip({ address: '192.168.1.255/24' }), /broadcast/],
  ['virtual_ip.add', vip({ interface: 'opt9' }), /no interface with the key/],
  ['virtual_ip.add', vip({ interface: '_vip65f0a1b2c3a99' }), /no CARP address/],
  ['virtual_ip.add', vip({ interface: 'lo0', mode: 'other' }), /only an IP alias/],
  ['virtual_ip.add', vip({ mode: 'carp', vhid: 10, passwordOf: '192.168.1.254' }), /vhid: the group 10/],
  ['virtual_ip.add', vip({ mode: 'carp', passwordOf: '192.168.1.254' }), /vhid: a CARP address needs/],
  ['virtual_ip.update', { id: '192.168.1.254', noExpand: true }, /noExpand/],
  ['virtual_ip.update', { id: '198.18.0.1', description: '' }, /there is no virtual address/],
  ['gateway_group.add', { name: 'WAN2GW', members: [{ gateway: 'WAN_DHCP', tier: 1 }] }, /a gateway has it/],
  ['gateway_group.add', { name: 'G', members: [{ gateway: 'Null4', tier: 1 }] }, /disabled/],
  ['gateway_group.add', { name: 'G', members: [{ gateway: 'NONE', tier: 1 }] }, /there is no gateway/],
  ['gateway_group.update', { name: 'None', trigger: 'down' }, /there is no gateway group/],
];

describe('what the pages of pfSense would not save is refused', () => {
  test.each(REFUSALS)('%s %j', (kind, args, message) => {
    let error: unknown;
    try {
      change(withTree(base, ['system', 'ipv6allow'], ''), kind, args);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(PfsenseError);
    expect(error).toMatchObject({ code: expect.stringMatching(/^(bad_input|not_found)$/) });
    expect(String(error)).toMatch(message);
  });

  test('a name that would take a used gateway along stays', () => {
    const used = change(withTree(quiet, ['gateways', 'gateway_item'], []), 'gateway.set_default', {
      gateway: 'WAN_DHCP',
    });
    expect(() => change(used, 'interface.update', { interface: 'wan', description: 'ISP' })).toThrow(/WAN_DHCP/);
    expect(() => change(used, 'interface.update', { interface: 'wan', ipv4: { type: 'none' } })).toThrow(/WAN_DHCP/);
  });
});
