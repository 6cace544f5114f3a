import { describe, expect, test } from 'vitest';
import type { ConfigTree } from '../../src/config/model.ts';
import type { Facts } from '../../src/whatif/facts.ts';
import { alias, ask, OUTWARD, QUIET, rule, sample } from './sample.ts';

/** Rules that block everything else, so that a pass comes from the rule in question. */
const SERVER = { address: '198.51.100.7' };

describe('1: direction and quick', () => {
  test('a rule of an interface is for what comes in there and ends the search', () => {
    const rules = [rule({ type: 'block' }), rule()];
    expect(ask(sample({ rules })).verdict).toBe('block');
    expect(ask(sample({ rules: [rule({ interface: 'wan' })] })).verdict).toBe('block');
  });

  test('a floating rule decides at once only when it is quick, in its direction, on its interfaces', () => {
    const floating = { type: 'block', floating: 'yes', interface: '', direction: 'any' };
    expect(ask(sample({ rules: [rule({ ...floating, quick: 'yes' }), rule()] })).verdict).toBe('block');
    expect(ask(sample({ rules: [rule(floating), rule()] })).decidedAt).toBe('out');
    expect(ask(sample({ rules: [rule({ ...floating, direction: 'in' }), rule()] })).verdict).toBe('pass');
    expect(ask(sample({ rules: [rule({ ...floating, direction: 'out', interface: 'wan' }), rule()] })).decidedAt).toBe(
      'out',
    );
    expect(
      ask(sample({ rules: [rule({ ...floating, quick: 'yes', direction: 'out', interface: 'lan' }), rule()] })).verdict,
    ).toBe('pass');
    expect(
      ask(sample({ rules: [rule({ ...floating, quick: 'yes', interface: 'wan,lan', direction: 'in' }), rule()] }))
        .decidedAt,
    ).toBe('in');
  });
});

test('2: the last match decides among those that are not quick', () => {
  const pass = { floating: 'yes', interface: 'lan', direction: 'in' };
  expect(ask(sample({ rules: [rule({ ...pass, type: 'block' }), rule(pass)] })).verdict).toBe('pass');
  expect(ask(sample({ rules: [rule(pass), rule({ ...pass, type: 'block' })] })).verdict).toBe('block');
});

test('3: match decides nothing; a rule without a type passes', () => {
  const floating = { floating: 'yes', interface: 'lan', direction: 'in', quick: 'yes' };
  expect(ask(sample({ rules: [rule({ ...floating, type: 'match' })] })).verdict).toBe('block');
  expect(ask(sample({ rules: [rule({ type: '' })] })).verdict).toBe('pass');
  expect(ask(sample({ rules: [rule({ type: 'reject' })] })).verdict).toBe('reject');
});

describe('3a: a quick match rule', () => {
  const match = rule({ type: 'match', floating: 'yes', interface: 'lan', direction: 'in', quick: 'yes' });
  const at = (version: string, rules: ConfigTree[], packet = {}) =>
    ask(sample({ rules: [match, ...rules], more: { version } }), packet).legs[0];

  test('is passed by in 2.7, ends the search in 2.9, and may do either in 2.8', () => {
    expect(at('23.3', [rule()])).toMatchObject({ effect: 'pass', unknowns: [] });
    expect(at('99.0', [rule()])).toMatchObject({ effect: 'block', unknowns: [] });
    expect(at('24.0', [rule()])).toMatchObject({
      effect: 'unknown',
      otherwise: 'pass',
      unknowns: ['quick of a match rule'],
    });
  });

  test('leaves nothing open where the outcome is the same', () => {
    const earlier = rule({ floating: 'yes', interface: 'lan', direction: 'in' });
    expect(at('24.0', [])).toMatchObject({ effect: 'block', unknowns: [] });
    expect(ask(sample({ rules: [earlier, match, rule()], more: { version: '24.0' } })).verdict).toBe('pass');
    expect(at('24.0', [rule({ protocol: 'udp' })], { protocol: 'udp' })).toMatchObject({ effect: 'pass' });
  });
});

test('4: inet46 is both families, none is IPv4', () => {
  const interfaces = {
    lan: { enable: '', if: 'igb1', ipaddr: '192.168.1.1', subnet: '24', ipaddrv6: '2001:db8:1::1', subnetv6: '64' },
  };
  const six = { source: '2001:db8:1::50', destination: '2001:db8:9::7' };
  expect(ask(sample({ interfaces, rules: [rule({ ipprotocol: 'inet46' })] }), six).verdict).toBe('pass');
  expect(ask(sample({ interfaces, rules: [rule({ ipprotocol: 'inet46' })] })).verdict).toBe('pass');
  expect(ask(sample({ interfaces, rules: [rule({ ipprotocol: '' })] }), six).verdict).toBe('block');
  expect(ask(sample({ interfaces, rules: [rule({ ipprotocol: '' })] })).verdict).toBe('pass');
});

test('5: protocols', () => {
  const verdict = (given: Record<string, ConfigTree>, packet = {}) =>
    ask(sample({ rules: [rule(given)] }), packet).verdict;
  expect(verdict({ protocol: 'tcp/udp' }, { protocol: 'udp' })).toBe('pass');
  expect(verdict({ protocol: 'tcp' }, { protocol: 'udp' })).toBe('block');
  expect(verdict({ protocol: 'icmp', icmptype: 'echoreq,timex' }, { protocol: 'icmp', icmpType: 8 })).toBe('pass');
  expect(verdict({ protocol: 'icmp', icmptype: 'echoreq' }, { protocol: 'icmp', icmpType: 'unreach' })).toBe('block');
  expect(verdict({ protocol: 'icmp', icmptype: 'echoreq' }, { protocol: 'icmp' })).toBe('unknown');
  const six = { source: '2001:db8:1::50', destination: '2001:db8:9::7', protocol: 'icmp', icmpType: 'echoreq' };
  expect(verdict({ protocol: 'icmp', icmptype: 'echoreq', ipprotocol: 'inet6' }, six)).toBe('pass');
  // Ports without a protocol mean TCP, and pfSense then writes no port.
  const portOnly = { protocol: '', destination: { any: '', port: '22' } };
  expect(verdict(portOnly, { protocol: 'udp', destinationPort: 22 })).toBe('block');
  expect(verdict(portOnly, { destinationPort: 443 })).toBe('pass');
});

test('6: a rule for TCP matches what begins a connection', () => {
  expect(ask(sample({ rules: [rule()] }), { tcpFlags: 'A' }).verdict).toBe('block');
  expect(ask(sample({ rules: [rule({ tcpflags_any: '' })] }), { tcpFlags: 'A' }).legs[0]?.effect).toBe('pass');
  expect(
    ask(sample({ rules: [rule({ tcpflags1: 'ack', tcpflags2: 'syn,ack' })] }), { tcpFlags: 'A' }).legs[0]?.effect,
  ).toBe('pass');
  expect(
    ask(sample({ rules: [rule({ protocol: 'tcp', type: 'block' }), rule({ protocol: 'any', statetype: 'none' })] }), {
      tcpFlags: 'A',
    }).legs[0]?.effect,
  ).toBe('pass');
});

test('7: states are no part of it: the question is about a new connection, and none-state rules pass it too', () => {
  for (const statetype of ['keep state', 'sloppy state', 'synproxy state', 'none'])
    expect(ask(sample({ rules: [rule({ statetype })] })).verdict).toBe('pass');
});

test('8: what came in goes out by "let out anything" unless a floating rule decides', () => {
  const { legs } = ask(sample({ rules: [rule()] }));
  expect(legs[1]?.deciding?.origin).toEqual({
    kind: 'hidden',
    name: 'let out anything IPv4 from firewall host itself',
  });
  const out = rule({ type: 'reject', floating: 'yes', direction: 'out', interface: 'wan' });
  expect(ask(sample({ rules: [rule(), out] })).verdict).toBe('reject');
  expect(ask(sample({ rules: [out] }), { arrivesOn: null, source: '203.0.113.2' }).verdict).toBe('reject');
});

describe('9: aliases', () => {
  const to = (name: string) => [rule({ destination: { address: name } })];
  const verdict = (aliases: ConfigTree[], name: string, facts: Facts = QUIET) =>
    ask(sample({ aliases, rules: to(name) }), {}, facts);

  test('nested, in a loop, of networks', () => {
    const aliases = [alias('outer', '10.9.9.9 inner'), alias('inner', '198.51.100.0/24 outer', 'network')];
    expect(verdict(aliases, 'outer').verdict).toBe('pass');
    expect(verdict(aliases, 'missing').verdict).toBe('block');
    expect(verdict([alias('none', '')], 'none').verdict).toBe('block');
    expect(
      ask(sample({ aliases: [alias('none', '')], rules: [rule({ destination: { address: 'none', not: '' } })] }))
        .verdict,
    ).toBe('pass');
  });

  test('names and URL tables are known on the firewall only', () => {
    const names = [alias('web', 'www.example.com 10.1.1.1')];
    expect(verdict(names, 'web').verdict).toBe('unknown');
    expect(verdict(names, 'web').unknowns).toEqual(['table web, which is not loaded']);
    const tables = (web: string[]) => ({ tables: { names: ['web', 'list'], contents: { web, list: web }, tests: {} } });
    expect(verdict(names, 'web', tables(['198.51.100.7'])).verdict).toBe('pass');
    expect(verdict(names, 'web', tables(['198.51.100.8'])).verdict).toBe('block');
    const list = [alias('list', 'https://example.com/list', 'urltable')];
    expect(verdict(list, 'list').verdict).toBe('unknown');
    expect(verdict(list, 'list', tables(['198.51.100.0/24'])).verdict).toBe('pass');
    expect(
      verdict(list, 'list', {
        tables: { names: ['list'], contents: {}, tests: { list: { '198.51.100.7': true, '192.168.1.50': false } } },
      }).verdict,
    ).toBe('pass');
  });

  test('fourteen levels of eight do not blow up', () => {
    const level = (depth: number) =>
      Array.from({ length: 8 }, (_, index) =>
        alias(
          `a${depth}_${index}`,
          depth === 14 ? `10.0.0.${index}` : Array.from({ length: 8 }, (_, next) => `a${depth + 1}_${next}`).join(' '),
        ),
      );
    const aliases = Array.from({ length: 14 }, (_, depth) => level(depth + 1)).flat();
    expect(ask(sample({ aliases, rules: to('a1_0') }), { destination: '10.0.0.7' }).verdict).toBe('pass');
  });
});

describe('10: networks', () => {
  const vip = {
    virtualip: { vip: [{ mode: 'ipalias', interface: 'lan', subnet: '10.7.0.1', subnet_bits: '16', uniqid: 'a' }] },
  };
  const verdict = (source: ConfigTree, packet = {}, more = vip) =>
    ask(sample({ rules: [rule({ source })], more }), packet).legs[0]?.effect;

  test('subnets hold those of virtual addresses, addresses do not', () => {
    expect(verdict({ network: 'lan' })).toBe('pass');
    expect(verdict({ network: 'lan' }, { source: '10.7.9.9' })).toBe('pass');
    expect(verdict({ network: 'lanip' })).toBe('block');
    expect(verdict({ network: 'lanip' }, { source: '192.168.1.1' })).toBe('pass');
    expect(verdict({ network: 'lan', not: '' }, { source: '10.7.9.9' })).toBe('block');
    expect(verdict({ network: 'lan', not: '' }, { source: '10.8.9.9' })).toBe('pass');
    expect(verdict({ network: 'opt1' })).toBe('block');
  });

  test('this firewall, groups, clients of L2TP', () => {
    const self = [rule({ destination: { network: '(self)', port: '22' } })];
    expect(ask(sample({ rules: self, more: vip }), { destination: '10.7.0.1', destinationPort: 22 }).verdict).toBe(
      'pass',
    );
    expect(ask(sample({ rules: self }), { destination: '203.0.113.2', destinationPort: 22 }).isForFirewall).toBe(true);
    const more = { ifgroups: { ifgroupentry: [{ ifname: 'Inside', members: 'lan' }] } };
    expect(ask(sample({ rules: [rule({ source: { network: 'Inside' } })], more })).verdict).toBe('pass');
    expect(ask(sample({ rules: [rule({ source: { network: 'l2tp' } })] })).verdict).toBe('block');
  });

  test('a dynamic address is known on the firewall only', () => {
    const interfaces = { wan: { enable: '', if: 'igb0', descr: 'WAN', ipaddr: 'dhcp' } };
    const config = sample({ interfaces, rules: [rule({ interface: 'wan', destination: { network: 'wanip' } })] });
    const packet = { arrivesOn: 'wan', source: '198.51.100.7', destination: '203.0.113.9' };
    expect(ask(config, packet).verdict).toBe('unknown');
    const addresses = { igb0: ['203.0.113.9/24'], igb1: ['192.168.1.1/24'] };
    expect(ask(config, packet, { ...QUIET, addresses }).verdict).toBe('pass');
  });
});

test('11: ::suffix takes the prefix of the interface', () => {
  const lan = {
    enable: '',
    if: 'igb1',
    ipaddr: '192.168.1.1',
    subnet: '24',
    ipaddrv6: '2001:db8:1::1',
    subnetv6: '64',
  };
  const rules = [rule({ ipprotocol: 'inet6', source: { address: '::50' } })];
  const packet = { source: '2001:db8:1::50', destination: '2001:db8:9::7' };
  expect(ask(sample({ interfaces: { lan }, rules }), packet).verdict).toBe('pass');
  expect(ask(sample({ interfaces: { lan: { ...lan, ipaddrv6: 'track6' } }, rules }), packet).verdict).toBe('unknown');
});

test('12: port ranges hold both ends; port aliases expand', () => {
  const verdict = (port: string, destinationPort: number) =>
    ask(
      sample({
        aliases: [alias('web', '80 443 more', 'port'), alias('more', '8000:8010', 'port'), alias('nil', '', 'port')],
        rules: [rule({ destination: { any: '', port } })],
      }),
      { destinationPort },
    ).verdict;
  expect([verdict('80-90', 80), verdict('80-90', 90), verdict('80-90', 91), verdict('1-65535', 4)]).toEqual([
    'pass',
    'pass',
    'block',
    'pass',
  ]);
  expect([verdict('web', 443), verdict('web', 8010), verdict('web', 8011), verdict('Nowhere', 80)]).toEqual([
    'pass',
    'pass',
    'block',
    'block',
  ]);
  expect(verdict('nil', 80)).toBe('block');
});

test('13: schedules by the clock of the firewall', () => {
  const ranges: ConfigTree[] = [
    { position: '1,2,3,4,5', hour: '8:00-17:00' },
    { month: '12', day: '24', hour: '0:00-23:59' },
  ];
  const schedules = { schedule: [{ name: 'work', timerange: ranges }] };
  const verdict = (sched: string, localTime?: string) =>
    ask(
      sample({ rules: [rule({ sched })], more: { schedules } }),
      {},
      { ...QUIET, ...(localTime ? { localTime } : {}) },
    ).verdict;
  expect(verdict('work', '2026-11-25T08:00:00')).toBe('pass');
  expect(verdict('work', '2026-11-25T17:00:00')).toBe('block');
  expect(verdict('work', '2026-11-28T12:00:00')).toBe('block');
  expect(verdict('work', '2026-12-24T23:00:00')).toBe('pass');
  expect(verdict('work')).toBe('unknown');
  expect(verdict('nosuch')).toBe('pass');
});

describe('14: gateways of rules', () => {
  const gatewayed = [rule({ gateway: 'WANGW' })];
  const down: Facts = { ...QUIET, gateways: { WANGW: { isUp: false, address: '203.0.113.1', device: 'igb0' } } };

  test('an unknown one, or one that is down, leaves a plain pass, or no rule', () => {
    expect(ask(sample({ rules: [rule({ gateway: 'NOSUCH' })] }), {}, down).verdict).toBe('pass');
    expect(ask(sample({ rules: gatewayed }), {}, down).verdict).toBe('pass');
    const skip = { skip_rules_gw_down: '', ipv6allow: '', webgui: { noantilockout: '' } };
    expect(ask(sample({ rules: gatewayed, system: skip }), {}, down).verdict).toBe('block');
    expect(ask(sample({ rules: gatewayed, system: skip })).verdict).toBe('unknown');
  });

  test('networks behind VPNs do not take the gateway', () => {
    const ipsec = {
      phase1: [{ ikeid: '1' }],
      phase2: [{ ikeid: '1', mode: 'tunnel', remoteid: { type: 'network', address: '10.50.0.0', netbits: '16' } }],
    };
    const config = sample({ rules: gatewayed, more: { ipsec } });
    expect(ask(config, { destination: '10.50.1.1' }).legs[0]?.deciding).toMatchObject({
      gateway: null,
      origin: { note: 'negate' },
    });
    expect(ask(config).legs[0]?.deciding).toMatchObject({ gateway: 'WANGW' });
  });
});

test('15: replies are no part of a verdict', () => {
  const reply = (given: Record<string, ConfigTree>) =>
    ask(sample({ rules: [rule({ interface: 'wan', ...given })] }), {
      arrivesOn: 'wan',
      source: '198.51.100.7',
      destination: '192.168.1.50',
    }).verdict;
  expect([reply({}), reply({ disablereplyto: '' })]).toEqual(['pass', 'pass']);
});

describe('16: NAT first', () => {
  const forward = {
    interface: 'wan',
    ipprotocol: 'inet',
    protocol: 'tcp',
    source: { any: '' },
    destination: { network: 'wanip', port: '8443' },
    target: '192.168.1.20',
    'local-port': '443',
    natreflection: 'disable',
    descr: 'web',
  };
  const inward = { arrivesOn: 'wan', source: '198.51.100.7', destination: '203.0.113.2', destinationPort: 8443 };
  const opened = rule({ interface: 'wan', destination: { address: '192.168.1.20', port: '443' } });
  const nat = (rules: ConfigTree[]) => ({ nat: { rule: rules } });

  test('the filter sees the new destination', () => {
    const config = sample({ rules: [opened], more: nat([forward]) });
    expect(ask(config, inward)).toMatchObject({
      verdict: 'pass',
      nat: { destination: { address: '192.168.1.20', port: 443 } },
      leavesBy: { device: 'igb1' },
    });
    expect(
      ask(
        sample({ rules: [rule({ interface: 'wan', destination: { network: 'wanip' } })], more: nat([forward]) }),
        inward,
      ).verdict,
    ).toBe('block');
  });

  test('a forward that passes asks no filter; one that says no forwards nothing', () => {
    expect(ask(sample({ more: nat([{ ...forward, 'associated-rule-id': 'pass' }]) }), inward).verdict).toBe('pass');
    const none = { ...forward, nordr: '' };
    expect(ask(sample({ rules: [opened], more: nat([none, forward]) }), inward).nat).toEqual({});
  });

  test('the filter sees the new source on the way out', () => {
    const out = rule({
      type: 'block',
      floating: 'yes',
      quick: 'yes',
      direction: 'out',
      interface: 'wan',
      source: { network: 'wanip' },
    });
    expect(ask(sample({ rules: [out, rule()] })).verdict).toBe('block');
    const manual = {
      outbound: {
        mode: 'advanced',
        rule: [
          { interface: 'wan', source: { network: '192.168.1.0/24' }, destination: { any: '' }, nonat: '', target: '' },
        ],
      },
    };
    expect(ask(sample({ rules: [out, rule()], more: { nat: manual } })).verdict).toBe('pass');
  });

  test('a port range of a translation begins where it says, one of a filter rule takes port 0 in', () => {
    const wide = { ...forward, destination: { network: 'wanip', port: '1-1000' }, 'local-port': '2001' };
    const config = sample({ more: nat([{ ...wide, 'associated-rule-id': 'pass' }]) });
    const to = (destinationPort: number) => ask(config, { ...inward, destinationPort }).nat.destination?.port;
    expect([to(0), to(1), to(1000), to(1001)]).toEqual([undefined, 2001, 3000, undefined]);
  });

  test('a forward of anything is reflected for what goes to the network of its interface', () => {
    const any = { ...forward, destination: { any: '', port: '8443' }, natreflection: 'purenat' };
    const inside = (destination: string, more: Record<string, ConfigTree>) =>
      ask(sample({ rules: [rule()], more }), { destination, destinationPort: 8443 });
    expect(inside('203.0.113.77', nat([any]))).toMatchObject({ nat: { destination: { address: '192.168.1.20' } } });
    expect(inside('198.51.100.7', nat([any])).nat.destination).toBeUndefined();
    const portless = nat([{ ...any, protocol: 'any', destination: { any: '' } }]);
    const only = [rule({ destination: { address: '203.0.113.77' } })];
    expect(ask(sample({ rules: only, more: portless }), { destination: '203.0.113.77' })).toMatchObject({
      verdict: 'unknown',
      otherwise: 'pass',
      unknowns: ['NAT reflection of any destination'],
    });
  });

  test('such a forward is none on an interface without an address', () => {
    const wan = { enable: '', if: 'igb0', descr: 'WAN', ipaddr: '', subnet: '' };
    const any = { ...forward, destination: { any: '', port: '8443' }, 'associated-rule-id': 'pass' };
    const found = (natreflection: string) =>
      ask(sample({ interfaces: { wan }, more: nat([{ ...any, natreflection }]) }), inward).nat;
    expect(found('disable')).toMatchObject({ destination: { address: '192.168.1.20' } });
    expect(found('purenat')).toEqual({});
  });

  test('private networks behind a gateway inside are translated as those inside are', () => {
    const gateways = (on: string) => ({
      gateway_item: [
        { name: 'WANGW', interface: 'wan', gateway: '203.0.113.1', ipprotocol: 'inet' },
        { name: 'CORE', interface: on, gateway: '192.168.1.254', ipprotocol: 'inet' },
      ],
      defaultgw4: 'WANGW',
    });
    const out = rule({ type: 'block', floating: 'yes', quick: 'yes', direction: 'out', source: { network: 'wanip' } });
    const leaving = (source: string, network: string, on = 'lan', gateway = 'CORE') => {
      const more = { gateways: gateways(on), staticroutes: { route: [{ network, gateway }] } };
      return ask(sample({ rules: [{ ...out, interface: 'wan' }], more }), { arrivesOn: null, source });
    };
    expect(leaving('10.99.0.7', '10.99.0.0/16').verdict).toBe('block');
    expect(leaving('10.98.0.7', '10.99.0.0/16').verdict).toBe('pass');
    expect(leaving('198.51.100.9', '198.51.100.0/24').verdict).toBe('pass');
    expect(leaving('10.99.0.7', '10.99.0.0/16', 'wan').verdict).toBe('pass');
    expect(leaving('10.99.0.7', '10.99.0.0/16', 'lan', 'DYNAMIC')).toMatchObject({
      verdict: 'unknown',
      unknowns: ['networks behind static routes'],
    });
  });

  test('1:1 of a network keeps the place in it, whatever address names the outer one, and leaves virtual networks', () => {
    const onetoone = [
      { interface: 'wan', external: '203.0.113.10', source: { network: 'lan' }, destination: { any: '' }, descr: '' },
    ];
    const vip = [{ mode: 'ipalias', interface: 'lan', uniqid: 'a', subnet: '192.168.0.1', subnet_bits: '24' }];
    const config = sample({ rules: [rule()], more: { nat: { onetoone }, virtualip: { vip } } });
    expect(ask(config, { ...inward, destination: '203.0.113.7' }).nat.destination?.address).toBe('192.168.1.7');
    expect(ask(config, { source: '192.168.1.50' }).nat.source?.address).toBe('203.0.113.50');
    expect(ask(config, { source: '192.168.0.50' }).nat.source?.address).toBe('203.0.113.2');
  });

  test('1:1 maps both ways, and port forwards come before it', () => {
    const onetoone = [
      {
        interface: 'wan',
        external: '203.0.113.10',
        source: { address: '192.168.1.30' },
        destination: { any: '' },
        descr: '',
      },
    ];
    const config = sample({
      rules: [rule({ interface: 'wan', destination: { address: '192.168.1.30' } }), rule()],
      more: { nat: { onetoone } },
    });
    expect(ask(config, { ...inward, destination: '203.0.113.10' })).toMatchObject({
      verdict: 'pass',
      nat: { destination: { address: '192.168.1.30' } },
    });
    expect(ask(config, { source: '192.168.1.30' }).nat.source?.address).toBe('203.0.113.10');
  });
});

test('17: private networks and bogons', () => {
  const wan = {
    enable: '',
    if: 'igb0',
    descr: 'WAN',
    ipaddr: '203.0.113.2',
    subnet: '24',
    gateway: 'WANGW',
    blockpriv: '',
    blockbogons: '',
  };
  const rules = [rule({ interface: 'wan' })];
  const packet = { arrivesOn: 'wan', source: '10.1.1.1', destination: '203.0.113.2' };
  expect(ask(sample({ interfaces: { wan }, rules }), packet).deciding?.origin).toMatchObject({
    name: 'Block private networks from WAN',
  });
  const bridges = { bridged: [{ members: 'wan,opt1', bridgeif: 'bridge0' }] };
  expect(ask(sample({ interfaces: { wan }, rules, more: { bridges } }), packet).verdict).toBe('pass');
  expect(ask(sample({ interfaces: { wan }, rules, more: { bridges } }), packet, {}).unknowns).toContain('table bogons');
});

test('18: anti-lockout', () => {
  const system = { ipv6allow: '', webgui: { protocol: 'https', port: '8443' }, ssh: { enable: '', port: '2222' } };
  const block = [rule({ type: 'block', protocol: 'any' })];
  const to = (destinationPort: number, packet = {}) =>
    ask(sample({ system, rules: block }), { destination: '192.168.1.1', destinationPort, ...packet }).verdict;
  expect([to(8443), to(80), to(2222), to(22), to(443)]).toEqual(['pass', 'pass', 'pass', 'block', 'block']);
  expect(to(8443, { destination: '203.0.113.2' })).toBe('block');
  expect(
    ask(sample({ system, rules: block }), { destination: '192.168.1.1', destinationPort: 8443 }).deciding?.origin,
  ).toMatchObject({ name: 'anti-lockout rule' });
  const guarded = { tables: { names: ['sshguard'], contents: { sshguard: ['192.168.1.50'] }, tests: {} } };
  expect(ask(sample({ system }), { destination: '192.168.1.1', destinationPort: 8443 }, guarded).verdict).toBe('block');
});

test('19: rules on interfaces that are missing or disabled are none', () => {
  const interfaces = { opt1: { if: 'igb2', descr: 'OFF', ipaddr: '10.9.0.1', subnet: '24' } };
  const floating = rule({ type: 'block', floating: 'yes', quick: 'yes', direction: 'in', interface: 'opt1' });
  expect(ask(sample({ interfaces, rules: [floating, rule()] })).verdict).toBe('pass');
});

test('20: without a filter everything passes untranslated', () => {
  const verdict = ask(sample({ system: { disablefilter: '' } }), { arrivesOn: 'wan' });
  expect(verdict).toMatchObject({ verdict: 'pass', nat: {}, legs: [] });
});

test('21: tabs of VPN servers and groups come before those of assigned interfaces', () => {
  const interfaces = { opt1: { enable: '', if: 'ovpns1', descr: 'ROADWARRIOR', ipaddr: 'none' } };
  const more = { openvpn: { 'openvpn-server': [{ vpnid: '1', mode: 'server_user' }] } };
  const rules = [rule({ interface: 'opt1' }), rule({ interface: 'openvpn', type: 'block' })];
  expect(ask(sample({ interfaces, more, rules }), { arrivesOn: 'opt1', source: '10.8.0.2' }).verdict).toBe('block');
});

describe('22: what only the firewall knows makes the answer unknown, by name', () => {
  test.each([
    ['rules of package snort2', { installedpackages: { package: [{ name: 'snort2', filter_rule_function: 'x' }] } }],
    ['captive portal guests', { captiveportal: { guests: { enable: '', interface: 'lan', zoneid: '2' } } }],
    ['port mappings of UPnP', { installedpackages: { miniupnpd: { config: [{ enable: 'on' }] } } }],
  ])('%s', (name, more) => {
    const verdict = ask(sample({ rules: [rule({ type: 'block', destination: { address: '192.0.2.1' } })], more }));
    expect(verdict).toMatchObject({ verdict: 'unknown', otherwise: 'block', unknowns: [name] });
  });

  test('RADIUS rules of OpenVPN users', () => {
    const more = { openvpn: { 'openvpn-server': [{ vpnid: '1', authmode: 'Corp' }] } };
    const config = sample({ more, system: { authserver: [{ type: 'radius', name: 'Corp' }] } });
    const packet = { arrivesOn: 'openvpn', source: '10.8.0.2' };
    expect(ask(config, packet).unknowns).toEqual(['rules in anchor openvpn']);
    expect(ask(config, packet, { ...QUIET, anchors: [] }).verdict).toBe('block');
    expect(ask(config, { ...OUTWARD }).verdict).toBe('block');
  });

  test('block tables, where something fills them', () => {
    const rules = [rule({ destination: SERVER })];
    expect(ask(sample({ rules }), {}, {}).verdict).toBe('pass');
    const more = { installedpackages: { package: [{ name: 'suricata' }] } };
    expect(ask(sample({ rules, more }), {}, {})).toMatchObject({
      verdict: 'unknown',
      otherwise: 'pass',
      unknowns: ['table snort2c'],
    });
    const ssh = { destination: '192.168.1.1', destinationPort: 22 };
    expect(ask(sample({ rules: [rule()] }), ssh, {}).unknowns).toEqual(['table sshguard']);
  });
});
