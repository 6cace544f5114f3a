import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lockoutOf } from '../../src/changes/lockout/guard.ts';
import { isSafe } from '../../src/changes/lockout/judgement.ts';
import { type ConfigTree, listAt } from '../../src/config/model.ts';
import { withTree } from '../../src/config/update.ts';
import { parseConfigXml } from '../../src/config/xml.ts';

const lab = parseConfigXml(
  readFileSync(new URL('../../fixtures/lab/root/cf/conf/config.xml', import.meta.url), 'utf8'),
);
/** Nothing but the rules of the configuration lets the session in. */
const base = withTree(lab, ['system', 'webgui', 'noantilockout'], '');
const session = {
  connection: { client: '192.168.1.10', clientPort: 50_000, server: '192.168.1.1', serverPort: 22 },
  replyDevice: 'igb1',
  devices: { wan: 'igb0', lan: 'igb1' },
  addresses: { igb0: ['198.51.100.23/24'], igb1: ['192.168.1.1/24'] },
  tables: ['sshguard', 'virusprot', 'bogons'],
  tests: Object.fromEntries(
    ['sshguard', 'virusprot', 'bogons'].map((table) => [table, { '192.168.1.10': false, '9.9.9.9': false }]),
  ),
  hasPending: false,
  localTime: '2026-11-25T10:00:00',
};
const block = {
  tracker: '1790000000',
  type: 'block',
  interface: 'lan',
  ipprotocol: 'inet',
  source: { any: '' },
  destination: { any: '' },
  descr: '',
};
const onTop = (rule: ConfigTree, config: ConfigTree = base): ConfigTree =>
  withTree(config, ['filter', 'rule'], [rule, ...listAt(config, 'filter/rule')]);
const atEnd = (rule: ConfigTree): ConfigTree =>
  withTree(base, ['filter', 'rule'], [...listAt(base, 'filter/rule'), rule]);
const verdict = (candidate: ConfigTree) => lockoutOf(session, base, candidate, [])[0]?.verdict;

describe('the session', () => {
  test('is unharmed by what cannot concern it', () => {
    expect(verdict(base)).toBe('unchanged');
    expect(verdict(atEnd(block))).toBe('unchanged');
    expect(verdict(withTree(base, ['aliases', 'alias'], []))).not.toBe('cut');
  });

  test.each([
    ['a block on top', onTop(block)],
    ['a reject of its address', onTop({ ...block, type: 'reject', source: { address: '192.168.1.0/24' } })],
    ['a floating quick block', onTop({ ...block, floating: 'yes', quick: 'yes', interface: 'lan', direction: 'in' })],
    ['all rules gone', withTree(base, ['filter', 'rule'], [])],
    [
      'a port forward that takes its port',
      withTree(
        base,
        ['nat', 'rule'],
        [
          {
            interface: 'lan',
            ipprotocol: 'inet',
            protocol: 'tcp',
            source: { any: '' },
            destination: { network: 'lanip', port: '22' },
            target: '192.168.1.9',
            'local-port': '22',
            'associated-rule-id': 'pass',
          },
        ],
      ),
    ],
  ])('is cut by %s', (_name, candidate) => {
    expect(verdict(candidate)).toBe('cut');
    expect(isSafe(lockoutOf(session, base, candidate, []))).toBe(false);
  });

  test('is held against what is saved, not against what lets it in now, while something is pending', () => {
    const closed = onTop(block);
    const pending = { ...session, hasPending: true };
    expect(isSafe(lockoutOf(pending, closed, closed, []))).toBe(false);
    expect(isSafe(lockoutOf(pending, base, base, []))).toBe(true);
  });

  test('is not called safe when the rules would not have let it in by any way it can have come', () => {
    const closed = onTop(block);
    expect(isSafe(lockoutOf({ ...session, replyDevice: 'igb0' }, closed, closed, []))).toBe(false);
    // The answers leave by another interface than the one that has the address which it came to.
    expect(isSafe(lockoutOf({ ...session, replyDevice: 'igb0' }, base, base, []))).toBe(true);
  });

  test('from the firewall itself comes by the loopback device', () => {
    const connection = { ...session.connection, client: '127.0.0.1', server: '127.0.0.1' };
    const local = { ...session, connection, replyDevice: 'igb0' };
    expect(lockoutOf(local, base, onTop(block), [])[0]?.verdict).toBe('unchanged');
    const everywhere = { ...block, floating: 'yes', quick: 'yes', interface: '', direction: 'in' };
    expect(isSafe(lockoutOf(local, base, onTop(everywhere), []))).toBe(false);
  });

  test('by a tunnel that is not assigned is followed by its device', () => {
    const tunnel = { ...session, replyDevice: 'ovpns1', addresses: { ...session.addresses, ovpns1: ['10.8.0.1/24'] } };
    const server = { vpnid: '1', mode: 'server_tls', interface: 'wan' };
    const withTunnel = withTree(base, ['openvpn', 'openvpn-server'], [server]);
    const door = { ...block, type: 'pass', interface: 'openvpn' };
    const open = onTop(door, withTunnel);
    expect(lockoutOf(tunnel, open, open, [])[0]?.verdict).toBe('unchanged');
    expect(lockoutOf(tunnel, open, onTop({ ...door, type: 'block' }, open), [])[0]?.verdict).toBe('cut');
  });

  test('that a port forward may have brought here is not judged by what it was sent as', () => {
    const forward = {
      ...{ interface: 'lan', ipprotocol: 'inet', protocol: 'tcp', source: { any: '' }, target: '192.168.1.1' },
      ...{ destination: { address: '192.168.1.77', port: '2222' }, 'local-port': '22', 'associated-rule-id': '' },
    };
    const forwarded = withTree(base, ['nat', 'rule'], [forward]);
    expect(lockoutOf(session, forwarded, forwarded, [])[0]?.verdict).toBe('unchanged');
    expect(lockoutOf(session, forwarded, base, [])[0]?.verdict).toBe('unknown');
  });

  test('is not called safe when it is not known how it came in', () => {
    for (const unknown of [
      { ...session, connection: null },
      { ...session, replyDevice: null },
    ])
      expect(isSafe(lockoutOf(unknown, base, base, []))).toBe(false);
  });
});

test('a connection that is to be kept is weighed as well', () => {
  const keep = [{ from: '192.168.1.10', to: '9.9.9.9', port: 443, protocol: 'tcp', interface: 'lan' }] as const;
  const candidate = onTop({ ...block, protocol: 'tcp', destination: { any: '', port: '443' } });
  expect(lockoutOf(session, base, base, keep).map((one) => one.verdict)).toEqual(['unchanged', 'unchanged']);
  expect(lockoutOf(session, base, candidate, keep).map((one) => one.verdict)).toEqual(['unchanged', 'cut']);
});
