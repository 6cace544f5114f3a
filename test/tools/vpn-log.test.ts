import { describe, expect, test } from 'vitest';
import { historyOf } from '../../src/tools/vpn/history.ts';
import { meaningOf } from '../../src/tools/vpn/log-meaning.ts';
import type { VpnLogLine } from '../../src/tools/vpn/log-snippet.ts';
import { transitionsOf } from '../../src/tools/vpn/transitions.ts';

const line = (log: 'openvpn' | 'ipsec', text: string, at: number, daemon: string | null = null): VpnLogLine => ({
  log,
  daemon,
  text: `Nov 24 10:00:00 fw ${log === 'ipsec' ? 'charon' : 'openvpn'}[1]: ${text}`,
  at,
});
const ike = (text: string, at: number): VpnLogLine => line('ipsec', text, at);

describe('what a line of a log means', () => {
  test.each([
    [
      'openvpn',
      '1.2.3.4:5 VERIFY ERROR: depth=0, error=certificate revoked: CN=x, serial=1',
      'reject',
      'revocation list',
    ],
    ['openvpn', '1.2.3.4:5 VERIFY ERROR: depth=0, error=CRL has expired: CN=x, serial=1', 'reject', 'has expired'],
    ['openvpn', '1.2.3.4:5 VERIFY ERROR: depth=0, error=certificate has expired: CN=x, serial=1', 'reject', 'expired'],
    ['openvpn', 'TLS Error: cannot locate HMAC in incoming packet from [AF_INET]1.2.3.4:1194', 'error', 'TLS key'],
    [
      'openvpn',
      "PUSH: No common cipher between server and client. Server data-ciphers: 'AES-256-GCM'",
      'error',
      'cipher',
    ],
    ['openvpn', '[server] Inactivity timeout (--ping-restart), restarting', 'down', 'keep-alive'],
    ['openvpn', "user 'bob' could not authenticate.", 'reject', 'backend'],
    ['openvpn', "user 'bob' authenticated", 'up', 'accepted'],
    ['ipsec', '07[IKE] <con1|4> received NO_PROPOSAL_CHOSEN notify error', 'error', 'NO_PROPOSAL_CHOSEN'],
    ['ipsec', '07[IKE] <con1|4> received AUTHENTICATION_FAILED notify error', 'error', 'AUTHENTICATION_FAILED'],
    ['ipsec', '07[IKE] <con1|4> received TS_UNACCEPTABLE notify, no CHILD_SA built', 'error', 'networks'],
    ['ipsec', '06[IKE] <con1|3> giving up after 5 retransmits', 'error', 'does not answer'],
  ] as const)('%s: %s', (log, text, kind, says) => {
    expect(meaningOf(log, text)).toMatchObject({ kind, says: expect.stringContaining(says) });
  });

  test('a name that was chosen to look like success is none', () => {
    expect(meaningOf('openvpn', "user 'x' authenticated' could not authenticate.")).toMatchObject({ kind: 'reject' });
  });

  test('nothing is made of what says nothing', () => {
    expect(meaningOf('openvpn', 'MANAGEMENT: Client connected from /var/etc/openvpn/server1/sock')).toBeUndefined();
  });
});

describe('how often a tunnel went down', () => {
  const up = (n: number, at: number) =>
    ike(`05[IKE] <con1|${n}> IKE_SA con1[${n}] established between 1.1.1.1[a]...2.2.2.2[b]`, at);

  test('a new key is no flap, whichever end of the old one comes first', () => {
    const rekey = [
      up(1, 10),
      ike('05[IKE] <con1|1> IKE_SA con1[2] rekeyed between 1.1.1.1[a]...2.2.2.2[b]', 20),
      ike('05[IKE] <con1|1> deleting IKE_SA con1[1] between 1.1.1.1[a]...2.2.2.2[b]', 20),
    ];
    expect(transitionsOf('ipsec', rekey)).toEqual({ ups: 1, downs: 0, lastDown: null });
  });

  test('an end without a beginning in the log counts once', () => {
    const lines = [
      ike('06[IKE] <con1|9> giving up after 5 retransmits', 5),
      ike('06[IKE] <con1|10> giving up after 5 retransmits', 9),
      up(11, 12),
    ];
    expect(transitionsOf('ipsec', lines)).toEqual({ ups: 1, downs: 1, lastDown: 5 });
  });

  test('OpenVPN: several lines of one end are one', () => {
    const lines = [
      'Initialization Sequence Completed',
      '[s] Inactivity timeout (--ping-restart), restarting',
      'SIGUSR1[soft,ping-restart] received, process restarting',
      'Initialization Sequence Completed',
    ];
    expect(
      transitionsOf(
        'openvpn',
        lines.map((text, at) => line('openvpn', text, at)),
      ),
    ).toEqual({ ups: 2, downs: 1, lastDown: 1 });
  });
});

describe('the history of one tunnel', () => {
  const trace = {
    log: 'ipsec',
    daemon: undefined,
    connection: 'con1',
    needles: ['<con1|', '198.51.100.2'],
    ours: ['version: ikev2'],
  } as const;
  const log = (lines: VpnLogLine[]) => ({
    logs: [{ log: 'ipsec' as const, isRead: true, begins: 1 }],
    lines,
    now: 100,
  });

  test('lines of another connection or another address are not its own', () => {
    const lines = [
      ike('09[IKE] <con11|9> received AUTHENTICATION_FAILED notify error', 1),
      ike('09[IKE] <con2|9> received NO_PROPOSAL_CHOSEN notify error from 198.51.100.2', 2),
      ike('09[IKE] <7> no IKE config found for 198.51.100.1...198.51.100.200, sending NO_PROPOSAL_CHOSEN', 3),
    ];
    expect(historyOf(trace, log(lines))).toMatchObject({ lastError: null, ups: 0, downs: 0 });
    const own = ike('09[IKE] <8> no IKE config found for 198.51.100.1...198.51.100.2, sending NO_PROPOSAL_CHOSEN', 4);
    expect(historyOf(trace, log([own]))).toMatchObject({ lastError: { at: '1970-01-01T00:00:04.000Z' } });
  });

  test('a log that is not there is no empty history', () => {
    expect(historyOf(trace, { logs: [{ log: 'ipsec', isRead: false, begins: null }], lines: [], now: 1 })).toBeNull();
  });
});
