import { expect, test } from 'vitest';
import { readFetch, thinned } from '../../src/tools/traffic/rrd.ts';
import { hostOf, talkersOf } from '../../src/tools/traffic/talkers.ts';
import { readVnstat } from '../../src/tools/traffic/vnstat.ts';

const FETCH = '            inpass   outpass\n\n1000: 1.0000000000e+03 2.0e+03\n1060: 3.0e+03 nan\n1120: nan nan\n';

test('rrdtool fetch is read by its heading, and nan is nothing', () => {
  expect(readFetch(FETCH)).toEqual([
    { at: 1000, values: { inpass: 1000, outpass: 2000 } },
    { at: 1060, values: { inpass: 3000, outpass: null } },
    { at: 1120, values: { inpass: null, outpass: null } },
  ]);
  expect(readFetch('')).toEqual([]);
});

test('thinning takes means and keeps gaps', () => {
  expect(thinned(readFetch(FETCH), 2)).toEqual([
    { at: 1060, values: { inpass: 2000, outpass: 2000 } },
    { at: 1120, values: { inpass: null, outpass: null } },
  ]);
});

test('talkers are hosts in bits per second, the busiest first', () => {
  const flow = { interface: 'igb1', protocol: 'tcp', from: '10.0.0.5:1000', to: '8.8.8.8:443' };
  const talkers = talkersOf(
    [
      { ...flow, sentBytes: 100, receivedBytes: 0 },
      { ...flow, from: '10.0.0.6:1000', sentBytes: 500, receivedBytes: 500 },
      { ...flow, from: '10.0.0.5:1001', sentBytes: 100, receivedBytes: 300 },
    ],
    2,
  );
  expect(talkers.map(({ host }) => host)).toEqual(['10.0.0.6', '10.0.0.5']);
  expect(talkers[1]).toMatchObject({ sentBitsPerSecond: 800, receivedBitsPerSecond: 1200, connections: 2 });
});

test('endpoints of both families lose their port', () => {
  expect(hostOf('10.0.0.5:443')).toBe('10.0.0.5');
  expect(hostOf('2001:db8::5[443]')).toBe('2001:db8::5');
});

test('vnstat is read newest first, and nonsense is no answer', () => {
  const day = (number: number) => ({ id: number, date: { year: 2026, month: 11, day: number }, rx: number, tx: 1 });
  const text = JSON.stringify({
    jsonversion: '2',
    interfaces: [{ name: 'igb0', traffic: { total: { rx: 9, tx: 9 }, day: [day(1), day(2)], month: [] } }],
  });
  expect(readVnstat(text)?.[0]?.days).toEqual([
    { day: '2026-11-02', inBytes: 2, outBytes: 1 },
    { day: '2026-11-01', inBytes: 1, outBytes: 1 },
  ]);
  expect(readVnstat('nonsense')).toBeUndefined();
});
