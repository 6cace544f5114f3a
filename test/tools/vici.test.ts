import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ipsecRows } from '../../src/tools/vpn/ipsec.ts';
import { vpnStatus } from '../../src/tools/vpn/snippet.ts';
import { readVici, sectionOf, sectionsOf, textOf, textsOf } from '../../src/tools/vpn/vici.ts';

const OUTPUT = `list-sa event {con1 {uniqueid=3 version=2 state=ESTABLISHED remote-id=C=DE, O=A B, CN=x established=5 child-sas {con1-7 {name=con1 reqid=1 state=INSTALLED bytes-in=9 local-ts=[10.0.0.0/8 10.1.0.0/16] remote-ts=[10.2.0.0/16]}}}}
list-sa event {con2 {state=CONNECTING child-sas {}}}
list-sas reply {}
`;

test('connections with their children, names with spaces and all, are read from swanctl --raw', () => {
  const sas = readVici(OUTPUT);
  expect(sas.map(([name]) => name)).toEqual(['con1', 'con2']);
  const [con1 = {}, con2 = {}] = sas.map(([, sa]) => sa);
  expect(textOf(con1, 'remote-id')).toBe('C=DE, O=A B, CN=x');
  expect(textOf(con1, 'established')).toBe('5');
  const child = sectionOf(sectionOf(con1, 'child-sas'), 'con1-7');
  expect(textsOf(child, 'local-ts')).toEqual(['10.0.0.0/8', '10.1.0.0/16']);
  expect(sectionsOf(sectionOf(con2, 'child-sas'))).toEqual([]);
});

test('no connections are an empty list', () => {
  expect(readVici('list-sas reply {}\n')).toEqual([]);
});

test('any text is read without an end-less loop', () => {
  fc.assert(fc.property(fc.string(), (text) => void readVici(`list-sa event {${text}}`)));
});

const event = (name: string, fields: string, ...children: string[]): string =>
  `list-sa event {${name} {${fields} child-sas {${children.join(' ')}}}}\n`;
const child = (name: string, id: number, reqid: number, remote: string, bytes: number): string =>
  `${name}-${id} {name=${name} reqid=${reqid} state=INSTALLED bytes-in=${bytes} bytes-out=${bytes} local-ts=[10.1.0.0/24] remote-ts=[${remote}]}`;
const entry = { disabled: false, mobile: false };
const phase2 = (reqid: string, remote: string) => ({ ...entry, ikeid: '1', reqid, local: '10.1.0.0/24', remote });

function rowsFor(sas: string, phases: readonly ReturnType<typeof phase2>[], mobile = false) {
  const facts = {
    openvpn: { servers: [], clients: [], multipoint: [], pointServers: [], pointClients: [] },
    ipsec: { sas, phase1: [{ ...entry, ikeid: '1', mobile }], phase2: phases },
    wireguard: { isEnabled: false, tunnels: [], peers: [], dump: null },
    now: 0,
  };
  return ipsecRows(vpnStatus.output.parse(facts));
}

test('an association that is going away does not hide the one that took its place', () => {
  const fresh = event('con1', 'state=ESTABLISHED established=4', child('con1', 2, 1, '10.2.0.0/24', 9));
  const old = event('con1', 'state=DELETING established=3600');
  for (const sas of [fresh + old, old + fresh])
    expect(rowsFor(sas, [phase2('1', '10.2.0.0/24')])).toMatchObject([
      { state: 'ESTABLISHED', establishedSeconds: 4, tunnels: [{ state: 'INSTALLED', inBytes: 9 }] },
    ]);
});

test('of split connections only that phase 2 is up whose child is there, whatever number strongSwan gave it', () => {
  const sas = event('con1', 'state=ESTABLISHED', child('con1_2', 8, 1, '10.3.0.0/24', 7));
  expect(rowsFor(sas, [phase2('1', '10.2.0.0/24'), phase2('2', '10.3.0.0/24')])).toMatchObject([
    {
      tunnels: [
        { state: 'not connected', inBytes: null },
        { state: 'INSTALLED', inBytes: 7 },
      ],
    },
  ]);
});

test('a child of an unsplit connection is that of all phase 2 entries', () => {
  const sas = event('con1', 'state=ESTABLISHED', child('con1', 8, 1, '10.2.0.0/24 10.3.0.0/24', 7));
  const [row] = rowsFor(sas, [phase2('4', '10.2.0.0/24'), phase2('5', '10.3.0.0/24')]);
  expect(row?.tunnels.map(({ state }) => state)).toEqual(['INSTALLED', 'INSTALLED']);
});

test.each([
  ['10.2.0.5', '10.2.0.5/32'],
  ['2001:db8::5', '2001:db8::5/128'],
])('a host %s is the same as %s', (host, network) => {
  const children = [child('con1', 8, 1, '10.9.0.0/24', 7), child('con1', 9, 2, network, 5)];
  const sas = event('con1', 'state=ESTABLISHED', ...children);
  expect(rowsFor(sas, [phase2('3', host)])).toMatchObject([{ tunnels: [{ state: 'INSTALLED', inBytes: 5 }] }]);
});

test('every mobile client is a connection', () => {
  const client = (user: string, at: string, bytes: number): string =>
    event(
      'con-mobile',
      `state=ESTABLISHED remote-host=203.0.113.9 remote-id=phone remote-eap-id=${user} established=60 remote-vips=[${at}]`,
      child('con-mobile', bytes, 1, `${at}/32`, bytes),
    );
  const sas = client('alice', '10.7.0.1', 5) + client('bob', '10.7.0.2', 6);
  expect(rowsFor(sas, [phase2('1', '')], true)).toMatchObject([
    {
      state: 'listening',
      connected: 2,
      connections: [
        { user: 'alice', addresses: ['10.7.0.1'], inBytes: 5 },
        { user: 'bob', addresses: ['10.7.0.2'], inBytes: 6 },
      ],
      tunnels: [{ state: 'INSTALLED', inBytes: null }],
    },
  ]);
  expect(rowsFor('', [phase2('1', '')], true)).toMatchObject([{ state: 'listening', connected: 0, connections: [] }]);
});
