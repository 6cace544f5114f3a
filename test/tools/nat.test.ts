import { expect, test } from 'vitest';
import { automaticRules, automaticSources } from '../../src/tools/nat/automatic.ts';
import { natRules, outboundMode } from '../../src/tools/nat/model.ts';
import type { NatSource } from '../../src/tools/nat/source.ts';

const source: NatSource = {
  forwards: [],
  outbound: [],
  oneToOne: [],
  npt: [],
  mode: '',
  automatic: null,
  filterRules: [],
  reflection: { disabled: true, pure: false, oneToOne: false },
  interfaces: { wan: 'WAN', opt1: 'My DMZ' },
};
const forward = {
  interface: 'wan',
  protocol: 'tcp',
  destination: { network: 'wanip', port: '80' },
  target: '10.0.0.1',
  'local-port': '8080',
};

test.each([
  ['', 'automatic'],
  ['automatic', 'automatic'],
  ['advanced', 'manual'],
  ['hybrid', 'hybrid'],
  ['disabled', 'disabled'],
])('mode %j is in effect %s', (mode, effective) => {
  expect(outboundMode({ ...source, mode })).toBe(effective);
});

test('manual outbound rules are ignored in automatic mode', () => {
  const outbound = [{ interface: 'wan', source: { network: '10.0.0.0/8' }, destination: { any: '' }, target: '' }];
  const stateIn = (mode: string) => natRules({ ...source, outbound, mode }).map(({ state }) => state);
  expect(['automatic', 'hybrid', 'advanced', 'disabled'].map(stateIn)).toEqual([
    ['ignored'],
    ['active'],
    ['active'],
    ['ignored'],
  ]);
  expect(natRules({ ...source, outbound, mode: 'hybrid' })).toMatchObject([
    { source: '10.0.0.0/8', destination: 'any', after: 'WAN address' },
  ]);
});

test.each([
  ['of the rule', { natreflection: 'purenat' }, source.reflection, 'pure (set on the rule)'],
  ['off by the rule', { natreflection: 'disable' }, { ...source.reflection, disabled: false }, 'off (set on the rule)'],
  ['off by default', {}, source.reflection, 'off (system default)'],
  ['proxy by default', {}, { ...source.reflection, disabled: false }, 'proxy (system default)'],
  ['pure by default', {}, { disabled: false, pure: true, oneToOne: false }, 'pure (system default)'],
])('reflection %s', (_name, own, reflection, effective) => {
  const [rule] = natRules({ ...source, reflection, forwards: [{ ...forward, ...own }] });
  expect(rule?.reflection).toBe(effective);
});

test('what lets a port forward in is said in each case', () => {
  const linked = { tracker: '5', descr: 'NAT web', 'associated-rule-id': 'nat_1', disabled: '' };
  const rules = ['nat_1', 'nat_gone', 'pass', ''].map((id) => ({ ...forward, 'associated-rule-id': id }));
  expect(natRules({ ...source, forwards: rules, filterRules: [linked] })).toMatchObject([
    { filterRule: { tracker: '5', description: 'NAT web', enabled: false }, after: '10.0.0.1 port 8080' },
    { passes: 'its linked filter rule is missing' },
    { passes: 'the port forward itself' },
    { passes: 'any matching filter rule' },
  ]);
});

test('the rules pfSense makes are read from what it generated, with a list or a table of subnets', () => {
  const automatic = [
    'tonatsubnets\t= "{ 127.0.0.0/8 10.0.0.0/24 }"',
    'nat on $WAN inet from $tonatsubnets to any port 500 -> 198.51.100.2/32  static-port',
    'nat on $My_DMZ inet6 from $tonatsubnets to any -> (igb1) port 1024:65535 ',
  ];
  const live = { ...source, automatic };
  expect(automaticSources(live)).toEqual(['127.0.0.0/8', '10.0.0.0/24']);
  expect(automaticRules(live, (key) => source.interfaces[key] ?? key)).toMatchObject([
    { interface: 'WAN', family: 'IPv4', destination: 'any port 500', after: '198.51.100.2', staticPort: true },
    { interface: 'My DMZ', family: 'IPv6', destination: 'any', after: '(igb1)' },
  ]);
  expect(automaticSources(source)).toBeNull();
});
