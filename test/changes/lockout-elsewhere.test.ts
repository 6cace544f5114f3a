import fc from 'fast-check';
import { expect, test } from 'vitest';
import { candidateOf } from '../../src/changes/candidate.ts';
import { KINDS } from '../../src/changes/kinds/index.ts';
import { judgeElsewhere } from '../../src/changes/lockout/elsewhere.ts';
import { lockoutOf } from '../../src/changes/lockout/guard.ts';
import { dangersOf } from '../../src/changes/lockout/judgement.ts';
import type { SessionFacts } from '../../src/changes/lockout/session.ts';
import { type ConfigTree, listAt } from '../../src/config/model.ts';
import { withoutTree, withTree } from '../../src/config/update.ts';
import { PfsenseError } from '../../src/core/errors.ts';
import { requestsOn } from './kinds/requests.ts';
import { change, OCCASION, sample } from './kinds/sample.ts';

const base = sample();
const lan: SessionFacts = {
  connection: { client: '192.168.1.10', clientPort: 50_000, server: '192.168.1.1', serverPort: 22 },
  user: 'admin',
  replyDevice: 'igb1',
  devices: { wan: 'igb0', lan: 'igb1' },
  addresses: { igb1: ['192.168.1.1/24'] },
  tables: [],
  tests: {},
  hasPending: false,
  localTime: '2026-11-21T10:00:00',
};
const tunnel: SessionFacts = { ...lan, replyDevice: 'ovpns1' };
const set = (path: string, value: ConfigTree = 'mcp'): ConfigTree => withTree(base, path.split('/'), value);
const verdicts = (session: SessionFacts, candidate: ConfigTree): string[] =>
  judgeElsewhere(session, base, candidate, []).map(({ verdict }) => verdict);

test.each([
  ...['openvpn/openvpn-server', 'ipsec/phase1', 'installedpackages/tailscale', 'hasync/pfsyncinterface', 'mcp-test'],
  ...['captiveportal/guests', 'shaper/queue', 'system/shellcmd', 'system/authserver', 'gifs/gif', 'l2tp/mode'],
  'system/webgui/authmode',
])('a change of %s could cut off whoever comes in, and nobody follows it', (path) => {
  expect(verdicts(lan, set(path))).toEqual(['unknown']);
});

test.each([
  ...[
    'filter/rule',
    'interfaces/lan/ipaddr',
    'system/user',
    'system/ssh/port',
    'aliases/alias',
    'system/disablefilter',
  ],
  ...['syslog/nentries', 'system/hostname', 'system/dns1gw', 'unbound/hosts', 'notifications/smtp/port', 'widgets/a'],
])('a change of %s is judged elsewhere, or cuts nobody off', (path) => {
  expect(verdicts(lan, set(path))).toEqual([]);
});

test('a whole section that holds what is not followed is not either', () => {
  expect(verdicts(lan, withoutTree(base, ['system']))).toEqual(['unknown']);
});

test('certificates are what tunnels hang on', () => {
  expect(verdicts(lan, set('cert', [{ refid: 'a' }]))).toEqual([]);
  expect(verdicts(tunnel, set('cert', [{ refid: 'a' }]))).toEqual(['unknown']);
  expect(verdicts({ ...lan, replyDevice: null }, set('cert', [{ refid: 'a' }]))).toEqual(['unknown']);
});

test('an alias under another name says the same in a tunnel', () => {
  const renamed = change(base, 'alias.rename', { name: 'trusted', newName: 'trusted_hosts' });
  expect(JSON.stringify(listAt(renamed, 'openvpn/openvpn-csc'))).toContain('trusted_hosts');
  expect(verdicts(lan, renamed)).toEqual([]);
  expect(verdicts(lan, withTree(renamed, ['openvpn', 'openvpn-csc'], []))).toEqual(['unknown']);
});

test('it is among the judges that are asked about every change', () => {
  const dangers = dangersOf(lockoutOf(lan, base, set('ipsec/phase1'), []));
  expect(JSON.stringify(dangers)).toContain('what ipsec/phase1 does to it is not followed');
});

test('a DNS server that is the client can be sent its answers by another gateway', () => {
  const servers = ['9.9.9.9', '192.168.1.10'];
  expect(verdicts(lan, set('system/dnsserver', servers))).toEqual(['unknown']);
  expect(verdicts({ ...lan, connection: null }, set('system/dns1gw', 'WANGW'))).toEqual(['unknown']);
  expect(verdicts(lan, set('system/dnsserver', ['9.9.9.9']))).toEqual([]);
});

test('no kind of its own changes what nobody follows', () => {
  const kinds = KINDS.map(({ id }) => id).filter((id) => !/^(config|revision|object)\./.test(id));
  fc.assert(
    fc.property(requestsOn(base, ...kinds), (step) => {
      try {
        expect(verdicts(lan, candidateOf(base, [step], KINDS, OCCASION).config)).toEqual([]);
      } catch (error) {
        if (!(error instanceof PfsenseError)) throw error;
      }
    }),
    { numRuns: 1000 },
  );
});
