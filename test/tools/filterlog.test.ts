import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFilterlog } from '../../src/tools/log/filterlog.ts';

test.each([
  [
    'TCP over IPv4',
    '5,,,1000000103,igb0,match,block,in,4,0x0,,243,54321,0,none,6,tcp,40,203.0.113.5,198.51.100.2,52114,23,0,S,1204812345,,1024,,mss',
    {
      tracker: '1000000103',
      device: 'igb0',
      action: 'block',
      source: '203.0.113.5:52114',
      destination: '198.51.100.2:23',
      about: 'S',
      length: 40,
    },
  ],
  [
    'UDP over IPv6, where the protocol stands before its number',
    '12,,,1000000105,igb0,match,block,in,6,0x00,0x1a2b3,64,UDP,17,60,2001:db8:77::1,2001:db8::2,546,547,60',
    {
      family: 'IPv6',
      protocol: 'udp',
      source: '[2001:db8:77::1]:546',
      destination: '[2001:db8::2]:547',
      about: undefined,
    },
  ],
  [
    'ICMP',
    '10,,,1,igb0,match,block,in,4,0x0,,118,1,0,none,1,icmp,84,203.0.113.77,198.51.100.2,request,4711,1',
    { protocol: 'icmp', source: '203.0.113.77', destination: '198.51.100.2', about: 'request' },
  ],
  [
    'CARP',
    '10,,,1,igb0,match,pass,in,4,0x10,,255,0,0,DF,112,carp,56,198.51.100.2,224.0.0.18,advertise,255,7,2,0,1',
    { protocol: 'carp', source: '198.51.100.2', about: 'advertise vhid 7' },
  ],
  [
    'a protocol without ports',
    '10,,,1,igb1,match,block,in,4,0xc0,,1,0,0,DF,2,igmp,32,192.168.1.5,224.0.0.22,datalength=8 ',
    { protocol: 'igmp', source: '192.168.1.5', destination: '224.0.0.22' },
  ],
  [
    'a packet cut short, as newer versions say',
    '10,,,1,igb0,match,block,in,4,error=truncated,0x0,,64,1,0,none,17,udp,28,192.0.2.1,192.0.2.2,53,53,0',
    { source: '192.0.2.1:53', destination: '192.0.2.2:53' },
  ],
  [
    'a fragment that no rule was asked about',
    '0,,,0,igb0,fragment,block,in,4,0x0,,63,1,1480,none,17,udp,28,203.0.113.80,198.51.100.2',
    { tracker: '0', reason: 'fragment', source: '203.0.113.80', destination: '198.51.100.2' },
  ],
  [
    'a tracker with zeroes at the beginning',
    '1,,,0100000101,igb1,match,pass,in,4,0x0,,64,1,0,none,17,udp,28,192.0.2.1,192.0.2.2,53,53,0',
    { tracker: '100000101' },
  ],
])('reads %s', (_name, message, parts) => {
  expect(readFilterlog(message)).toMatchObject(parts);
});

test.each(['', 'some text', '1,2,3', '1,,,2,igb0,match,block,in,5,x', '1,,,2,igb0,match,block,in,4'])(
  '%j is no packet',
  (message) => {
    expect(readFilterlog(message)).toBeUndefined();
  },
);

test('no line makes the reader fail', () => {
  const field = fc.oneof(fc.string(), fc.constantFrom('4', '6', '17', 'tcp', 'error=x', '::1', '1.2.3.4'));
  fc.assert(
    fc.property(fc.array(field, { maxLength: 40 }), (fields) => {
      expect(() => readFilterlog(fields.join(','))).not.toThrow();
    }),
  );
});
