import { describe, expect, test } from 'vitest';
import { withFilterCron } from '../../../src/changes/filter-cron.ts';
import { type ConfigTree, listAt, textAt, treeAt } from '../../../src/config/model.ts';
import { withTree } from '../../../src/config/update.ts';
import { change, OCCASION, pageOf, ruleWith, sample, trackersOn } from './sample.ts';

const base = sample();
const stamp = { time: '1795000100', username: 'claude (ticket 7)' };
const NEW = { tracker: String(OCCASION.now) };

describe('adding', () => {
  test('writes what the page writes', () => {
    const next = change(withTree(base, ['version'], '23.3'), 'firewall_rule.add', {
      interface: 'lan',
      protocol: 'tcp',
      source: { address: 'lan' },
      destination: { address: '192.0.2.0/28', port: '90-80' },
      description: ' Web of the branch ',
      log: true,
      gateway: 'WAN2GW',
      schedule: 'opening_hours',
      advanced: { tcpFlags: { set: ['syn'], outOf: ['syn', 'ack'] }, connectionRate: { connections: 5, seconds: 10 } },
    });
    const rule = ruleWith(next, 'tracker', NEW.tracker);
    const expected = {
      id: '',
      ...NEW,
      type: 'pass',
      interface: 'lan',
      ipprotocol: 'inet',
      tcpflags2: 'syn,ack',
      tcpflags1: 'syn',
      tag: '',
      tagged: '',
      max: '',
      'max-src-nodes': '',
      'max-src-conn': '',
      'max-src-states': '',
      statetimeout: '',
      statetype: 'keep state',
      os: '',
      'max-src-conn-rate': '5',
      'max-src-conn-rates': '10',
      protocol: 'tcp',
      source: { network: 'lan' },
      destination: { address: '192.0.2.0/28', port: '80-90' },
      log: '',
      descr: 'Web of the branch',
      gateway: 'WAN2GW',
      sched: 'opening_hours',
      updated: stamp,
      created: stamp,
    };
    expect(rule).toEqual(expected);
    expect(Object.keys(rule ?? {})).toEqual(Object.keys(expected));
    expect(trackersOn(next, 'lan').at(-1)).toBe(NEW.tracker);
  });

  test('a floating rule stands before all others and says so', () => {
    const next = change(withTree(base, ['version'], '24.0'), 'firewall_rule.add', {
      type: 'match',
      floating: { interfaces: ['wan', 'opt3'], direction: 'out' },
      source: { address: 'trusted', not: true },
      advanced: { queue: 'qDefault', ackQueue: 'qAck' },
    });
    expect(ruleWith(next, 'tracker', NEW.tracker)).toMatchObject({
      interface: 'wan,opt3',
      direction: 'out',
      floating: 'yes',
      statepolicy: '',
      source: { address: 'trusted', not: '' },
      destination: { any: '' },
      defaultqueue: 'qDefault',
      ackqueue: 'qAck',
    });
    expect(listAt(next, 'filter/rule').findIndex((rule) => textAt(rule, 'tracker') === NEW.tracker)).toBe(
      trackersOn(base, 'floating').length,
    );
  });

  test('an equal rule is not added again, whatever its stamps, tracker and empty keys', () => {
    const args = { interface: 'lan', source: { address: 'lan' }, description: 'Default allow LAN to any rule' };
    expect(change(base, 'firewall_rule.add', args)).toBe(base);
    expect(change(base, 'firewall_rule.add', { ...args, log: true })).not.toBe(base);
  });

  test.each([
    ['top', ['NEW', '# First', '1700000101', '1700000102', '# Third', '1700000103', '# End']],
    // Behind the last rule pfSense leaves all separators where they are.
    ['bottom', ['# First', '1700000101', '1700000102', '# Third', '1700000103', '# End', 'NEW']],
    [{ after: '1700000101' }, ['# First', '1700000101', 'NEW', '1700000102', '# Third', '1700000103', '# End']],
    [{ after: '1700000102' }, ['# First', '1700000101', '1700000102', 'NEW', '# Third', '1700000103', '# End']],
    [{ before: '1700000103' }, ['# First', '1700000101', '1700000102', 'NEW', '# Third', '1700000103', '# End']],
    [{ after: '1700000103' }, ['# First', '1700000101', '1700000102', '# Third', '1700000103', 'NEW', '# End']],
    [{ before: '1700000101' }, ['NEW', '# First', '1700000101', '1700000102', '# Third', '1700000103', '# End']],
  ])('at %j of a group, whose name is not in lower case', (position, expected) => {
    const next = change(base, 'firewall_rule.add', { interface: 'Guests', position });
    const page = pageOf(next, 'Guests').map((row) => (row === NEW.tracker ? 'NEW' : row));
    expect(page).toEqual(expected);
  });

  test('two rules of one plan have trackers of their own', () => {
    const first = change(base, 'firewall_rule.add', { interface: 'lan', description: 'one' });
    const second = change(first, 'firewall_rule.add', { interface: 'lan', description: 'two' });
    expect(trackersOn(second, 'lan').slice(-2)).toEqual(['1795000100', '1795000101']);
  });
});

describe('updating', () => {
  test('changes what is given, keeps the rest and what it does not know', () => {
    const next = change(base, 'firewall_rule.update', { tracker: '1700000102', description: 'New', log: true });
    const old = ruleWith(base, 'tracker', '1700000102');
    expect(ruleWith(next, 'tracker', '1700000102')).toEqual({ ...Object(old), descr: 'New', log: '', updated: stamp });
    expect(pageOf(next, 'Guests')).toEqual(pageOf(base, 'Guests'));
  });

  test('what is so already changes nothing', () => {
    const args = { tracker: 1700000102, family: 'inet', protocol: 'any', gateway: '', advanced: { tag: '' } };
    expect(change(base, 'firewall_rule.update', args)).toBe(base);
  });

  test('another interface moves it to the end there, and the separators close up', () => {
    const next = change(base, 'firewall_rule.update', { tracker: '1700000101', interface: 'opt2' });
    expect(pageOf(next, 'Guests')).toEqual(['# First', '1700000102', '# Third', '1700000103', '# End']);
    expect(trackersOn(next, 'opt2').at(-1)).toBe('1700000101');
  });

  test('ICMP types go with their protocol', () => {
    const icmp = change(base, 'firewall_rule.update', {
      tracker: '1700000102',
      protocol: 'icmp',
      icmpTypes: ['echoreq', 'unreach'],
    });
    expect(ruleWith(icmp, 'tracker', '1700000102')).toMatchObject({ icmptype: 'echoreq,unreach' });
    const udp = change(icmp, 'firewall_rule.update', { tracker: '1700000102', protocol: 'udp' });
    expect(ruleWith(udp, 'tracker', '1700000102')).not.toHaveProperty('icmptype');
  });

  test('a rule of a port forward takes all but what belongs to the forward', () => {
    const args = { tracker: '1700000003', log: true };
    expect(ruleWith(change(base, 'firewall_rule.update', args), 'tracker', '1700000003')).toMatchObject({ log: '' });
  });
});

describe('deleting', () => {
  test('takes the rule away and closes up', () => {
    const next = change(base, 'firewall_rule.delete', { tracker: '1700000102' });
    expect(pageOf(next, 'Guests')).toEqual(['# First', '1700000101', '# Third', '1700000103', '# End']);
  });

  test('leaves its port forward without it', () => {
    const next = change(base, 'firewall_rule.delete', { tracker: '1700000003' });
    expect(textAt(next, 'nat/rule/0/associated-rule-id')).toBe('');
    expect(treeAt(next, 'nat/rule/1')).toBe(treeAt(base, 'nat/rule/1'));
  });

  test('of a rule that is not there changes nothing', () => {
    expect(change(base, 'firewall_rule.delete', { tracker: '42' })).toBe(base);
  });
});

test('toggling says what the rule is to be', () => {
  const off = change(base, 'firewall_rule.toggle', { tracker: '1700000004', enabled: false });
  expect(ruleWith(off, 'tracker', '1700000004')).toEqual({
    ...Object(ruleWith(base, 'tracker', '1700000004')),
    disabled: '',
  });
  expect(change(off, 'firewall_rule.toggle', { tracker: '1700000004', enabled: false })).toBe(off);
  expect(change(base, 'firewall_rule.toggle', { tracker: '1700000004', enabled: true })).toBe(base);
});

test.each([
  ['top', '1700000103', ['1700000103', '# First', '1700000101', '1700000102', '# Third', '# End']],
  [{ before: '1700000102' }, '1700000103', ['# First', '1700000101', '1700000103', '1700000102', '# Third', '# End']],
  [{ after: '1700000103' }, '1700000101', ['# First', '1700000102', '# Third', '1700000103', '1700000101', '# End']],
])('moving to %j', (position, tracker, expected) => {
  const next = change(base, 'firewall_rule.move', { tracker, position });
  expect(pageOf(next, 'Guests')).toEqual(expected);
  expect(change(next, 'firewall_rule.move', { tracker, position })).toBe(next);
});

describe('the cron entry that schedules need', () => {
  const scheduled = { tracker: '1700000004', schedule: 'opening_hours' };
  test('is in the candidate when pfSense would otherwise write it while it loads the rules', () => {
    const isScheduled = (config: ConfigTree): boolean =>
      JSON.stringify(withFilterCron(config)).includes('rc.filter_configure_sync');
    const none = change(base, 'firewall_rule.update', { tracker: trackerWithSchedule(), schedule: '' });
    expect(isScheduled(none)).toBe(false);
    expect(isScheduled(change(none, 'firewall_rule.update', scheduled))).toBe(true);
    expect(isScheduled(change(base, 'firewall_rule.update', scheduled))).toBe(true);
    expect(isScheduled(change(base, 'firewall_rule.delete', { tracker: trackerWithSchedule() }))).toBe(false);
    expect(
      isScheduled(change(none, 'firewall_rule.update', { tracker: '1700000004', advanced: { limiterIn: 'Up' } })),
    ).toBe(true);
    const once = withFilterCron(base);
    expect(withFilterCron(once)).toBe(once);
  });

  function trackerWithSchedule(): string {
    const rule = listAt(base, 'filter/rule').find((one) => (textAt(one, 'sched') ?? '') !== '');
    return textAt(rule ?? {}, 'tracker') ?? '';
  }
});
