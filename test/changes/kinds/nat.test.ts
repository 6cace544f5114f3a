import { describe, expect, test } from 'vitest';
import { type ConfigTree, listAt, textAt, treeAt } from '../../../src/config/model.ts';
import { type NatKind, natIds, natPath } from '../../../src/config/nat-identity.ts';
import { withTree } from '../../../src/config/update.ts';
import { change, OCCASION, ruleWith, sample } from './sample.ts';

const base = sample();
const stamp = { time: '1795000100', username: 'claude (ticket 7)' };
const LINK = `nat_${OCCASION.now.toString(16)}00000.00000000`;
const idOf = (kind: NatKind, index: number, config: ConfigTree = base): string => natIds(config, kind)[index] ?? '';
const forward = {
  protocol: 'tcp',
  source: { address: 'trusted' },
  destination: { address: 'wanip', port: '8000-8010' },
  target: '192.0.2.10',
  targetPort: 9000,
  description: 'Web server of the branch',
};
const linkedRule = (config: ConfigTree) => ruleWith(config, 'associated-rule-id', LINK);

describe('port forwards', () => {
  const next = change(base, 'nat_port_forward.add', forward);

  test('come with the filter rule that lets them in', () => {
    const rule = {
      source: { address: 'trusted' },
      destination: { network: 'wanip', port: '8000-8010' },
      ipprotocol: 'inet',
      protocol: 'tcp',
      target: '192.0.2.10',
      'local-port': '9000',
      interface: 'wan',
      descr: 'Web server of the branch',
      'associated-rule-id': LINK,
      updated: stamp,
      created: stamp,
    };
    const added = listAt(next, 'nat/rule').at(-1);
    expect(added).toEqual(rule);
    expect(Object.keys(added ?? {})).toEqual(Object.keys(rule));
    expect(linkedRule(next)).toEqual({
      source: { address: 'trusted' },
      interface: 'wan',
      ipprotocol: 'inet',
      protocol: 'tcp',
      destination: { address: '192.0.2.10', port: '9000-9010' },
      descr: 'NAT Web server of the branch',
      'associated-rule-id': LINK,
      tracker: '1795000100',
      created: { time: '1795000100', username: 'NAT Port Forward' },
    });
  });

  test.each([
    ['pass', 'pass'],
    ['none', ''],
  ])('with filterRule %s have none', (filterRule, stored) => {
    const other = change(base, 'nat_port_forward.add', { ...forward, filterRule });
    expect(listAt(other, 'nat/rule').at(-1)).toMatchObject({ 'associated-rule-id': stored });
    expect(treeAt(other, 'filter')).toBe(treeAt(base, 'filter'));
  });

  test('keep their filter rule in step', () => {
    const id = idOf('port_forward', 2, next);
    const args = {
      id,
      target: 'lanip',
      targetPort: 22,
      description: 'x'.repeat(80),
      interface: 'opt3',
      disabled: true,
    };
    const moved = change(next, 'nat_port_forward.update', args);
    expect(linkedRule(moved)).toMatchObject({
      interface: 'opt3',
      destination: { network: 'lanip', port: '22-32' },
      descr: `NAT ${'x'.repeat(58)}`,
      disabled: '',
      tracker: '1795000100',
    });
    expect(change(moved, 'nat_port_forward.update', args)).toBe(moved);
  });

  test('change the way in between all three', () => {
    const id = idOf('port_forward', 2, next);
    const pass = change(next, 'nat_port_forward.update', { id, filterRule: 'pass' });
    expect(linkedRule(pass)).toBeUndefined();
    const none = change(pass, 'nat_port_forward.update', { id, filterRule: 'none' });
    expect(listAt(none, 'nat/rule').at(-1)).toMatchObject({ 'associated-rule-id': '' });
    expect(linkedRule(change(none, 'nat_port_forward.update', { id, filterRule: 'linked' }))).toBeDefined();
  });

  test('that are exempt lose target, port and filter rule', () => {
    const exempt = change(next, 'nat_port_forward.update', { id: idOf('port_forward', 2, next), noRedirect: true });
    const rule = listAt(exempt, 'nat/rule').at(-1);
    expect(rule).toMatchObject({ nordr: '', 'associated-rule-id': '' });
    expect(rule).not.toHaveProperty('target');
    expect(linkedRule(exempt)).toBeUndefined();
  });

  test('are deleted and toggled together with their filter rule, by either id', () => {
    const off = change(base, 'nat_port_forward.toggle', { id: 'nat_65f0a1b2c3d4e5.12345678', enabled: false });
    expect(treeAt(off, 'nat/rule/0/disabled')).toBe('');
    expect(ruleWith(off, 'tracker', '1700000003')).toMatchObject({ disabled: '' });
    const on = change(off, 'nat_port_forward.toggle', { id: idOf('port_forward', 0), enabled: true });
    expect(treeAt(on, 'nat')).toEqual(treeAt(base, 'nat'));
    expect(ruleWith(on, 'tracker', '1700000003')).toEqual(ruleWith(base, 'tracker', '1700000003'));
    const gone = change(base, 'nat_port_forward.delete', { id: idOf('port_forward', 0) });
    expect(listAt(gone, 'nat/rule')).toEqual(listAt(base, 'nat/rule').slice(1));
    expect(ruleWith(gone, 'tracker', '1700000003')).toBeUndefined();
  });

  test('move their separators like filter rules do', () => {
    const separated = withTree(base, ['nat', 'separator', 'sep0'], { row: ['fr1'], text: 'SSH', color: 'bg-info' });
    const row = (config: ConfigTree) => textAt(config, 'nat/separator/sep0/row/0');
    expect(row(change(separated, 'nat_port_forward.add', { ...forward, position: 'top' }))).toBe('fr2');
    expect(row(change(separated, 'nat_port_forward.add', forward))).toBe('fr1');
    expect(row(change(separated, 'nat_port_forward.delete', { id: idOf('port_forward', 0) }))).toBe('fr0');
    const moved = change(separated, 'nat_port_forward.move', { id: idOf('port_forward', 1), position: 'top' });
    expect(listAt(moved, 'nat/rule')).toEqual(listAt(base, 'nat/rule').toReversed());
    expect(row(moved)).toBe('fr2');
  });
});

describe('outbound rules', () => {
  test('are written as the page writes them', () => {
    const next = change(base, 'nat_outbound.add', {
      source: { address: '10.1.2.3/16', port: '1000-2000' },
      destination: { address: 'trusted', not: true },
      protocol: 'udp',
      target: '198.51.100.32/29',
      targetPort: 5060,
      staticPort: true,
    });
    expect(listAt(next, 'nat/outbound/rule').at(-1)).toEqual({
      source: { network: '10.1.0.0/16' },
      sourceport: '1000:2000',
      descr: '',
      target: '198.51.100.32',
      target_subnet: '29',
      interface: 'wan',
      poolopts: '',
      source_hash_key: '',
      staticnatport: '',
      protocol: 'udp',
      destination: { network: 'trusted', not: '' },
      natport: '5060',
      created: stamp,
      updated: stamp,
    });
  });

  test('take the address of their interface when no target is given', () => {
    const next = change(base, 'nat_outbound.add', { interface: 'opt3', source: { address: 'lan' } });
    expect(listAt(next, 'nat/outbound/rule').at(-1)).toMatchObject({ source: { network: 'lan' }, target: 'opt3ip' });
  });

  test('work by the mode', () => {
    const manual = change(base, 'nat_outbound.set_mode', { mode: 'manual' });
    expect(textAt(manual, 'nat/outbound/mode')).toBe('advanced');
    expect(change(manual, 'nat_outbound.set_mode', { mode: 'manual' })).toBe(manual);
    const none = withTree(base, ['nat', 'outbound', 'rule'], []);
    expect(() => change(none, 'nat_outbound.set_mode', { mode: 'manual' })).toThrow(/mode: without rules/);
  });
});

test('1:1 rules are written as the page writes them', () => {
  const next = change(base, 'nat_one_to_one.add', {
    interface: 'opt3',
    external: '203.0.113.13',
    source: { address: '10.10.0.26' },
    reflection: 'enable',
    description: 'Second',
    position: 'top',
  });
  expect(listAt(next, 'nat/onetoone')[0]).toEqual({
    external: '203.0.113.13',
    descr: 'Second',
    interface: 'opt3',
    ipprotocol: 'inet',
    source: { address: '10.10.0.26' },
    destination: { any: '' },
    natreflection: 'enable',
  });
});

test('NPt rules are written as the page writes them', () => {
  const next = change(base, 'nat_npt.add', { source: 'FD00:9::/56', destination: '2001:db8:9::/56', disabled: true });
  expect(listAt(next, 'nat/npt').at(-1)).toEqual({
    disabled: '',
    descr: '',
    interface: 'wan',
    source: { address: 'fd00:9::/56' },
    destination: { address: '2001:db8:9::/56' },
  });
});

describe('ids', () => {
  test('stay when only what becomes of the packets changes', () => {
    const id = idOf('port_forward', 1);
    const next = change(base, 'nat_port_forward.update', {
      id,
      target: '10.10.0.81',
      disabled: false,
      description: 'x',
    });
    expect(idOf('port_forward', 1, next)).toBe(id);
  });

  test('of two rules for the same packets are longer', () => {
    const rule = listAt(base, 'nat/outbound/rule')[0] ?? '';
    const twice = withTree(base, natPath('outbound').split('/'), [rule, { ...Object(rule), target: 'opt3ip' }]);
    const ids = natIds(twice, 'outbound');
    expect(ids).toEqual([expect.stringMatching(/^\w{12}-\w{6}$/), expect.stringMatching(/^\w{12}-\w{6}$/)]);
    const short = ids[0]?.split('-')[0] ?? '';
    expect(() => change(twice, 'nat_outbound.delete', { id: short })).toThrow(/several rules/);
    const less = change(twice, 'nat_outbound.delete', { id: ids[0] });
    expect(listAt(less, natPath('outbound'))).toEqual([{ ...Object(rule), target: 'opt3ip' }]);
    expect(change(less, 'nat_outbound.delete', { id: ids[0] })).toBe(less);
  });
});

const wan = { destination: { address: 'wanip', port: 9443 }, target: '192.0.2.10' };

test.each<[string, Record<string, unknown>, RegExp]>([
  ['nat_port_forward.add', { ...wan, interface: 'opt9' }, /interface: .*opt9/],
  ['nat_port_forward.add', { destination: { port: 80 } }, /target: say where/],
  ['nat_port_forward.add', { ...wan, target: '10.0.0.0/24' }, /target: a single address/],
  ['nat_port_forward.add', { ...wan, target: 'blocklist' }, /target: an alias .*hosts/],
  ['nat_port_forward.add', { ...wan, target: 'mgmt_ports' }, /target/],
  ['nat_port_forward.add', { ...wan, target: '2001:db8::1' }, /target: .*family/],
  ['nat_port_forward.add', { ...wan, family: 'inet6', target: 'opt1ip', reflection: 'disable' }, /target: .*inet6/],
  ['nat_port_forward.add', { ...wan, source: { address: '2001:db8::1' } }, /source: .*family/],
  ['nat_port_forward.add', { ...wan, destination: { address: 'wanip' } }, /destination\.port: say which/],
  ['nat_port_forward.add', { ...wan, protocol: 'icmp' }, /destination\.port: only tcp/],
  [
    'nat_port_forward.add',
    { ...wan, protocol: 'gre', destination: { address: 'wanip' }, targetPort: 80 },
    /targetPort/,
  ],
  ['nat_port_forward.add', { ...wan, targetPort: '80-90' }, /targetPort: the first/],
  ['nat_port_forward.add', { ...wan, destination: { port: '1-1000' }, targetPort: 65_000 }, /targetPort: .*65535/],
  ['nat_port_forward.add', { ...wan, family: 'inet6', target: '2001:db8::1' }, /reflection/],
  ['nat_port_forward.add', { ...wan, interface: 'Guests', destination: { port: 80 } }, /destination: 'any' on a group/],
  ['nat_port_forward.add', { ...wan, destination: { address: 'wanip', port: '440-450' } }, /destination: another/],
  ['nat_port_forward.add', { ...wan, noRedirect: true }, /noRedirect/],
  ['nat_port_forward.add', { ...wan, description: 'a\u0007' }, /description/],
  ['nat_port_forward.update', { id: '000000000000', disabled: true }, /no NAT rule/],
  ['nat_port_forward.move', { id: '000000000000', position: 'top' }, /no NAT rule/],
  ['nat_port_forward.toggle', { id: '000000000000', enabled: true }, /no NAT rule/],
  ['nat_port_forward.update', { id: idOf('port_forward', 0), noRedirect: true, filterRule: 'linked' }, /filterRule/],
  ['nat_outbound.add', { source: { address: 'nobody' } }, /source\.address/],
  ['nat_outbound.add', { source: { address: 'any' }, destination: { address: 'any', not: true } }, /destination\.not/],
  ['nat_outbound.add', { source: { address: 'any', port: 80 }, protocol: 'icmp' }, /no ports/],
  ['nat_outbound.add', { source: { address: '10.0.0.0/8' }, target: '2001:db8::1' }, /one family/],
  ['nat_outbound.add', { source: { address: 'any' }, target: 'web_server', poolOptions: 'random' }, /poolOptions/],
  ['nat_outbound.add', { source: { address: 'any' }, noTranslation: true, target: 'wanip' }, /target/],
  ['nat_outbound.add', { source: { address: 'lanip' } }, /source\.address/],
  ['nat_outbound.update', { id: '000000000000', staticPort: true }, /no NAT rule/],
  ['nat_one_to_one.add', { external: '2001:db8::1', source: { address: '10.0.0.1' } }, /external/],
  ['nat_one_to_one.add', { external: '192.0.2.1', source: { address: '2001:db8::1' } }, /source/],
  ['nat_one_to_one.add', { external: '192.0.2.1', source: { address: 'web_server' } }, /source: an alias/],
  [
    'nat_one_to_one.add',
    { interface: 'opt1', family: 'inet6', external: '2001:db8::1', source: { address: 'any' } },
    /interface/,
  ],
  ['nat_npt.add', { source: '10.0.0.0/8', destination: '2001:db8::/64' }, /source: no IPv6/],
  ['nat_npt.add', { source: 'fd00::/64', destination: '2001:db8::/48' }, /same length/],
  [
    'nat_npt.add',
    { interface: 'lan', source: 'fd00::/64', destination: '2001:db8:1::/64' },
    /destination: the address/,
  ],
])('%s %j is refused', (kind, args, message) => {
  expect(() => change(base, kind, args)).toThrow(message);
});
