import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActionFacts } from '../../src/changes/actions/kind.ts';
import { ACTIONS } from '../../src/changes/actions/kinds/index.ts';
import { actionFor, hashOf, recordOf } from '../../src/changes/actions/plan.ts';
import { withParents } from '../../src/changes/actions/session-path.ts';
import { questionOf } from '../../src/changes/approval.ts';
import type { ConfigTree } from '../../src/config/model.ts';
import { isPreapproved, rulesThatName } from '../../src/policy/preapproval.ts';
import actionPlan from '../../src/tools/action/plan.ts';

const NOW = 1_795_000_000_000;
const CONFIG: ConfigTree = {
  system: { ssh: { enable: 'enabled' } },
  interfaces: {
    wan: { enable: '', if: 'igb0', descr: 'WAN' },
    lan: { enable: '', if: 'lagg0.20', descr: 'LAN' },
    opt1: { enable: '', if: 'igb2', descr: 'DMZ' },
    opt2: { if: 'igb3', descr: 'OFF' },
    opt3: { enable: '', if: 'ovpns1', descr: 'VPN' },
  },
  vlans: { vlan: [{ if: 'lagg0', tag: '20', vlanif: 'lagg0.20' }] },
  laggs: { lagg: [{ laggif: 'lagg0', members: 'igb4,igb5' }] },
  ipsec: { phase2: [{ remoteid: { type: 'network', address: '10.20.0.0', netbits: '16' } }] },
};

function facts(
  more: { client?: string; device?: string | null; config?: ConfigTree; port?: number } = {},
): ActionFacts {
  const { client = '192.168.1.10', device = 'lagg0.20', config = CONFIG, port = 22 } = more;
  return {
    config,
    session: {
      connection: { client, clientPort: 50_000, server: '192.168.1.1', serverPort: port },
      replyDevice: device,
      devices: { wan: 'igb0', lan: 'lagg0.20', opt1: 'igb2', opt3: 'ovpns1' },
      addresses: { igb0: ['198.51.100.2/24'], 'lagg0.20': ['192.168.1.1/24'], igb2: ['10.10.0.1/24'], igb3: [] },
      tables: [],
      tests: {},
      hasPending: false,
      localTime: '2026-11-28T12:00:00',
    },
    keep: [{ from: '10.10.0.7', to: '192.0.2.1', port: 443, protocol: 'tcp', interface: 'opt1' }],
    services: [
      { name: 'openvpn', description: 'OpenVPN server: road', running: true, id: '1', mode: 'server' },
      { name: 'openvpn', description: 'OpenVPN client: hq', running: true, id: '2', mode: 'client' },
      { name: 'ipsec', description: 'IPsec', running: true, id: null, mode: null },
      { name: 'wireguard', description: 'WireGuard', running: true, id: null, mode: null },
    ],
    box: {
      states: 212,
      matching: 3,
      servers: [
        {
          id: '1',
          description: 'road',
          clients: [
            { name: 'ann', user: 'ann', address: '10.8.0.2', from: '203.0.113.7:1194', client: '0' },
            { name: 'bob', user: 'bob', address: '10.8.0.3', from: '203.0.113.8:1194', client: '1' },
          ],
        },
      ],
      pending: [],
      package: { installed: '1.0', available: '1.1' },
    },
  };
}

const draft = (id: string, args: Record<string, unknown>, seen = facts()) => {
  const asked = actionFor(id, args);
  return asked.kind.draft(asked.args as never, seen);
};
const dangers = (id: string, args: Record<string, unknown>, seen = facts()): string =>
  draft(id, args, seen).dangers.join(' ');

describe('what could cut this session is refused', () => {
  test.each([
    ['interface.restart', { interface: 'lan' }, facts()],
    ['interface.restart', { interface: 'opt1' }, facts()],
    ['interface.restart', { interface: 'wan' }, facts({ device: null })],
    ['interface.restart', { interface: 'wan' }, facts({ device: 'ovpns1', client: '10.8.0.2' })],
    ['interface.restart', { interface: 'wan' }, { ...facts(), box: { ...facts().box, pending: ['interfaces'] } }],
    ['states.kill', { from: '192.168.1.10' }, facts()],
    ['states.kill', { to: '192.168.1.0/24' }, facts()],
    ['states.kill', { from: '192.168.1.1', to: '192.168.1.10' }, facts()],
    ['states.kill', { from: '10.10.0.0/16' }, facts()],
    ['states.kill', { from: '198.51.100.2' }, facts({ client: '203.0.113.9', device: 'igb0' })],
    ['states.kill', { from: '198.18.0.1' }, facts({ device: 'ovpns1', client: '10.8.0.2' })],
    [
      'service.control',
      { service: 'openvpn', id: '1', action: 'stop' },
      facts({ device: 'ovpns1', client: '10.8.0.2' }),
    ],
    ['service.control', { service: 'ipsec', action: 'restart' }, facts({ client: '10.20.3.4', device: 'igb0' })],
    ['service.control', { service: 'wireguard', action: 'stop' }, facts({ device: 'tun_wg0', client: '10.9.0.2' })],
    ['vpn.disconnect', { client: 'ann' }, facts({ device: 'ovpns1', client: '10.8.0.2' })],
    ['vpn.disconnect', { client: 'ann' }, facts({ device: 'ovpns1', client: '10.99.0.2' })],
    ['sshd.restart', {}, facts({ port: 2222 })],
    ['sshd.restart', {}, facts({ config: { ...Object(CONFIG), system: {} } })],
    ['system.reboot', {}, facts({ config: { interfaces: { wan: { if: 'em9' } } } })],
  ])('%s %j', (id, args, seen) => {
    expect(dangers(id, args, seen)).not.toBe('');
  });
});

describe('what cannot is not', () => {
  test.each([
    ['interface.restart', { interface: 'wan' }, facts()],
    ['states.kill', { from: '192.168.1.11' }, facts()],
    ['states.kill', { from: '198.51.100.2' }, facts()],
    ['states.kill', { from: '192.168.1.10', to: '203.0.113.9' }, facts()],
    ['service.control', { service: 'openvpn', id: '1', action: 'restart' }, facts()],
    [
      'service.control',
      { service: 'openvpn', id: '2', action: 'restart' },
      facts({ device: 'ovpns1', client: '10.8.0.2' }),
    ],
    ['service.control', { service: 'ipsec', action: 'restart' }, facts()],
    ['vpn.disconnect', { client: 'bob' }, facts({ device: 'ovpns1', client: '10.8.0.2' })],
    ['vpn.disconnect', { client: '203.0.113.7' }, facts()],
    ['sshd.restart', {}, facts()],
    ['states.flush', {}, facts()],
    ['system.halt', {}, facts()],
    ['package.update', { name: 'acme' }, facts()],
  ])('%s %j', (id, args, seen) => {
    expect(dangers(id, args, seen)).toBe('');
  });
});

test('states that hold the session are found whatever networks are given', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const network = fc.tuple(byte, byte, byte, byte, fc.integer({ min: 1, max: 32 }));
  const number = (parts: readonly number[]): number => parts.reduce((sum, part) => sum * 256 + part, 0);
  const covers = ([a, b, c, d, bits]: readonly [number, number, number, number, number], address: string): boolean =>
    Math.floor(number([a, b, c, d]) / 2 ** (32 - bits)) ===
    Math.floor(number(address.split('.').map(Number)) / 2 ** (32 - bits));
  fc.assert(
    fc.property(network, ([a, b, c, d, bits]) => {
      const hits = ['192.168.1.10', '192.168.1.1', '10.10.0.7', '192.0.2.1'].some((end) =>
        covers([a, b, c, d, bits], end),
      );
      expect(dangers('states.kill', { from: `${a}.${b}.${c}.${d}/${bits}` }) !== '').toBe(hits);
    }),
  );
});

test('a device is carried by everything below it', () => {
  expect(withParents(CONFIG, 'lagg0.20')).toEqual(expect.arrayContaining(['lagg0.20', 'lagg0', 'igb4', 'igb5']));
});

test('the plan is bound to what is done, and not to how many states there are', () => {
  const asked = actionFor('states.kill', { from: '192.168.1.11' });
  const order = { target: { firewall: 'fw', hostKey: 'k', base: '' }, reason: 'because', ...asked };
  const later = { ...facts(), box: { ...facts().box, states: 9, matching: 1 } };
  const [now, then] = [facts(), later].map((seen) => asked.kind.draft(asked.args as never, seen));
  if (!now || !then) throw new Error('no draft');
  expect(hashOf(order, then)).toBe(hashOf(order, now));
  expect(then.text).not.toEqual(now.text);
  const other = actionFor('states.kill', { from: '192.168.1.12' });
  expect(hashOf({ ...order, ...other }, draft('states.kill', { from: '192.168.1.12' }))).not.toBe(hashOf(order, now));
  expect(hashOf({ ...order, target: { ...order.target, hostKey: 'other' } }, now)).not.toBe(hashOf(order, now));
});

test('a person is told that it is not undone', () => {
  const asked = actionFor('system.reboot', {});
  const order = { target: { firewall: 'fw', hostKey: 'k', base: '' }, reason: 'because', ...asked };
  const question = questionOf(recordOf(order, asked.kind.draft(asked.args as never, facts()), NOW), 'apply');
  expect(question).toContain('not undone by itself');
  expect(question).toContain('Reboot');
});

test('settings that approve every change approve no action, unless they name it', () => {
  const allows = (kind: string, action: string): boolean =>
    isPreapproved(rulesThatName([{ kind, firewall: '*' }]), {
      firewall: 'fw',
      kinds: [action],
      hasShownUntrustedText: false,
      at: 0,
    });
  expect(allows('*', 'system.reboot')).toBe(false);
  expect(allows('**', 'sshd.restart')).toBe(false);
  expect(allows('states.*', 'states.kill')).toBe(true);
  expect(allows('states.kill', 'states.flush')).toBe(false);
});

test('every action is offered, has an example that fits, and none has an argument that confirms', () => {
  const offered = JSON.stringify(actionPlan.input.shape['action']);
  for (const { id, example, input, usage, level } of ACTIONS) {
    expect(offered).toContain(`"${id}"`);
    expect(input.safeParse(example).success).toBe(true);
    expect(Object.keys(input.shape).join(' ')).not.toMatch(/confirm|force|approve|yes/);
    expect(usage.length).toBeLessThan(120);
    expect(level).toBe(/^(?:states\.flush|system\.|package\.)/.test(id) ? 'dangerous' : 'service');
  }
});
