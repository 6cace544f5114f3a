import { expect, test } from 'vitest';
import { isFromEarlierRules, viewPacket } from '../../src/tools/log/packet.ts';
import type { LogReply } from '../../src/tools/log/source.ts';

const at = '2026-11-24T06:00:00+00:00';
const line = (tracker: string) => ({
  log: 'filter',
  at,
  text: `Nov 24 06:00:00 fw filterlog[7]: 5,,,${tracker},igb0,match,block,in,4,0x0,,64,1,0,none,17,udp,40,192.0.2.1,192.0.2.2,1,2,20`,
});
const seconds = Date.parse(at) / 1000;
const reply: LogReply = {
  isKnown: true,
  isKnownInterface: true,
  logs: ['filter'],
  lines: [],
  matched: 0,
  filesRead: 1,
  filesKnown: 1,
  unreadable: [],
  oldest: null,
  now: at,
  timezone: 'Etc/UTC',
  hasPf: true,
  rules: {
    '1': { description: 'unchanged', changed: seconds - 60, isConfigured: true },
    '2': { description: 'edited', changed: seconds + 60, isConfigured: true },
    '1000000103': { description: 'Default deny rule IPv4', changed: null, isConfigured: false },
  },
  interfaces: { igb0: 'WAN' },
  rulesLoadedAt: '2026-11-24T07:00:00+00:00',
};

test.each([
  ['1', { rule: 'unchanged #1' }],
  ['2', { rule: 'edited #2', doubt: 'changed since' }],
  ['3', { rule: null, doubt: 'no rule has tracker 3 any more' }],
  ['0', { rule: null }],
  ['1000000103', { rule: 'Default deny rule IPv4 #1000000103' }],
])('the rule behind tracker %s', (tracker, parts) => {
  const { rule, doubt } = viewPacket(line(tracker), reply, 'concise') ?? {};
  expect({ rule, ...(doubt === undefined ? {} : { doubt }) }).toEqual(parts);
});

test('when pf was not asked, an unknown tracker is not called gone', () => {
  expect(viewPacket(line('3'), { ...reply, hasPf: false }, 'concise')).toMatchObject({
    doubt: 'tracker 3: pf was not asked',
  });
});

test('only rules that pfSense adds itself may have had another tracker before the last load', () => {
  expect(['1', '1000000103'].map((tracker) => isFromEarlierRules(line(tracker), reply))).toEqual([false, true]);
  expect(isFromEarlierRules(line('1000000103'), { ...reply, rulesLoadedAt: at })).toBe(false);
});

test('a line of another kind in the firewall log is no packet', () => {
  expect(
    viewPacket({ log: 'filter', at, text: 'Nov 24 06:00:00 fw newsyslog[9]: logfile turned over' }, reply, 'concise'),
  ).toBeUndefined();
});
