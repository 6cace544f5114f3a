import { expect, test } from 'vitest';
import { lockoutOf } from '../../src/changes/lockout/guard.ts';
import { isSafe } from '../../src/changes/lockout/judgement.ts';
import type { SessionFacts } from '../../src/changes/lockout/session.ts';
import { judgeStaticArp } from '../../src/changes/lockout/static-arp.ts';
import { withTree } from '../../src/config/update.ts';
import { change, sample } from './kinds/sample.ts';

const base = sample();
const facts = {
  devices: { wan: 'igb0', lan: 'igb1', opt1: 'igb1.20' },
  addresses: { igb1: ['192.168.1.1/24'], 'igb1.20': ['192.168.20.1/24'] },
  tables: [],
  tests: {},
  hasPending: false,
  localTime: '2026-11-21T10:00:00',
};
const connection = { client: '192.168.1.10', clientPort: 50_000, server: '192.168.1.1', serverPort: 22 };
const on = (replyDevice: string | null): SessionFacts => ({ ...facts, connection, replyDevice });

const MAC = '02:00:00:bb:00:01';
const fixed = { kind: 'dhcp_mapping.add', args: { interface: 'lan', mac: MAC, ip: '192.168.1.31', staticArp: true } };
const plain = { kind: 'dhcp_mapping.add', args: { interface: 'lan', mac: MAC, ip: '192.168.1.31' } };
const strict = { kind: 'dhcp_server.update', args: { interface: 'lan', staticArp: true } };
const strictly = withTree(base, ['dhcpd', 'lan', 'staticarp'], '');

test.each([
  ['an entry for its interface', base, fixed],
  ['static ARP for its interface', base, strict],
  ['a mapping where static ARP is on', strictly, plain],
  ['the end of a mapping where static ARP is on', strictly, deletion()],
  ['the end of static ARP', strictly, { kind: strict.kind, args: { interface: 'lan', staticArp: false } }],
])('%s is refused to a session by that interface or by an unknown one', (_what, from, { kind, args }) => {
  const candidate = change(from, kind, args);
  for (const session of [on('igb1'), on('ovpns1'), on(null)]) {
    const [judgement] = judgeStaticArp(session, from, candidate, []);
    expect(judgement).toMatchObject({ verdict: 'unknown', because: [expect.stringContaining('of lan')] });
    expect(isSafe(lockoutOf(session, from, candidate, []))).toBe(false);
  }
  expect(judgeStaticArp(on('igb1.20'), from, candidate, [])).toEqual([]);
});

test('flows to keep are looked at by their interface', () => {
  const candidate = change(base, fixed.kind, fixed.args);
  const flow = { protocol: 'tcp', from: '192.168.1.10', to: '192.0.2.1', port: 443, interface: 'lan' } as const;
  expect(judgeStaticArp(on('igb0'), base, candidate, [flow])).toMatchObject([{ verdict: 'unknown' }]);
  expect(judgeStaticArp(on('igb0'), base, candidate, [{ ...flow, interface: 'opt1' }])).toEqual([]);
});

test('a mapping without a static entry concerns nobody', () => {
  expect(judgeStaticArp(on('igb1'), base, change(base, plain.kind, plain.args), [])).toEqual([]);
});

function deletion() {
  return { kind: 'dhcp_mapping.delete', args: { interface: 'lan', mapping: '02:00:00:aa:00:10' } };
}
