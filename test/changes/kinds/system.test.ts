import { describe, expect, test } from 'vitest';
import { listAt, treeAt } from '../../../src/config/model.ts';
import { withTree } from '../../../src/config/update.ts';
import { change, sample } from './sample.ts';

const base = sample();
const job = { minute: '1', hour: '3', mday: '*', month: '*', wday: '*', who: 'root', command: '/usr/bin/true' };
const cron = withTree(base, ['cron', 'item'], [job]);
const smtp = {
  ipaddress: 'mail.example.net',
  port: '25',
  notifyemailaddress: 'noc@example.net',
  password: 'kept',
  ssl: '',
};
const mail = withTree(base, ['notifications', 'smtp'], smtp);

describe('jobs of cron', () => {
  test('are written as they stand in the crontab', () => {
    const next = change(cron, 'cron.add', { minute: '*/10', hour: 4, command: '/bin/date -u' });
    const wanted = {
      minute: '*/10',
      hour: '4',
      mday: '*',
      month: '*',
      wday: '*',
      who: 'root',
      command: '/bin/date -u',
    };
    expect(listAt(next, 'cron/item')).toEqual([job, wanted]);
  });

  test('are changed and deleted by their command', () => {
    const next = change(cron, 'cron.update', {
      command: '/usr/bin/true',
      newCommand: '/usr/bin/false',
      month: 'jan,6',
    });
    expect(listAt(next, 'cron/item')).toEqual([{ ...job, month: 'jan,6', command: '/usr/bin/false' }]);
    expect(listAt(change(next, 'cron.delete', { command: '/usr/bin/false' }), 'cron/item')).toEqual([]);
  });
});

describe('tunables', () => {
  test('keep their order and their description', () => {
    const one = change(base, 'sysctl.set', { tunable: 'net.inet.tcp.sendspace', value: '1', description: 'Why' });
    const two = change(one, 'sysctl.set', { tunable: 'kern.a', value: '2' });
    const next = change(two, 'sysctl.set', { tunable: 'net.inet.tcp.sendspace', value: 'default' });
    expect(listAt(next, 'sysctl/item')).toEqual([
      { tunable: 'net.inet.tcp.sendspace', value: 'default', descr: 'Why' },
      { tunable: 'kern.a', value: '2', descr: '' },
    ]);
  });
});

describe('notifications', () => {
  test('change what they are given and keep the rest, secrets first of all', () => {
    const next = change(mail, 'notification.set_smtp', { port: 465, enabled: false });
    expect(treeAt(next, 'notifications/smtp')).toEqual({ ...smtp, port: '465', disable: '' });
    const back = change(next, 'notification.set_smtp', { enabled: true, port: 25 });
    expect(treeAt(back, 'notifications/smtp')).toEqual(smtp);
  });

  test('without a password they may go to another server', () => {
    const free = withTree(mail, ['notifications', 'smtp', 'password'], '');
    const next = change(free, 'notification.set_smtp', { server: '192.0.2.25', tls: false });
    expect(treeAt(next, 'notifications/smtp')).toMatchObject({ ipaddress: '192.0.2.25' });
    expect(treeAt(next, 'notifications/smtp/ssl')).toBeUndefined();
  });
});

const REFUSALS: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
  ['cron.add', { command: '/usr/bin/true' }, /job with this command/],
  ['cron.add', { command: '/etc/rc.filter_configure_sync' }, /pfSense sets this job itself/],
  ['cron.add', { command: '/bin/a\n* * * * * root /bin/b' }, /command/],
  ['cron.add', { command: '/bin/größe' }, /command/],
  ['cron.add', { command: '/bin/a', minute: '60' }, /minute/],
  ['cron.add', { command: '/bin/a', minute: '5-1' }, /minute/],
  ['cron.add', { command: '/bin/a', minute: '@reboot' }, /minute/],
  ['cron.add', { command: '/bin/a', hour: '1 root' }, /hour/],
  ['cron.add', { command: '/bin/a', month: 'sun' }, /month/],
  ['cron.add', { command: '/bin/a', dayOfMonth: 0 }, /dayOfMonth/],
  ['cron.add', { command: '/bin/a', user: 'nobody2' }, /no account nobody2/],
  ['cron.update', { command: '/bin/none' }, /no such job/],
  ['sysctl.set', { tunable: 'kern.a', value: '1 2' }, /value/],
  ['sysctl.set', { tunable: 'kern.a;b', value: '1' }, /tunable/],
  ['sysctl.set', { tunable: '-a', value: '1' }, /tunable/],
  ['sysctl.set', { tunable: 'kern.a', value: '1', description: '<b>' }, /description/],
  ['notification.set_smtp', { password: 'hunter2' }, /password/],
  ['notification.set_smtp', { server: 'mail.example.org' }, /password that is kept/],
  ['notification.set_smtp', { tls: false }, /password that is kept/],
  ['notification.set_smtp', { validateCertificate: false }, /password that is kept/],
  ['notification.set_smtp', { to: '' }, /to: a server needs/],
  ['notification.set_smtp', { to: 'noc' }, /to/],
  ['notification.set_telegram', { api: '123:abc' }, /api/],
  ['notification.set_telegram', { chatId: 'a b' }, /chatId/],
  ['notification.set_pushover', { apikey: 'abc' }, /apikey/],
  ['notification.set_pushover', { sound: 'bagpipe' }, /sound/],
  ['notification.set_pushover', { retrySeconds: 29 }, /retrySeconds/],
  ['notification.set_slack', { channel: 'NOC' }, /channel/],
  ['notification.set_slack', { channel: 'a'.repeat(81) }, /channel/],
];

test.each(REFUSALS)('%s %j is refused', (kind, args, message) => {
  const config = withTree(mail, ['cron', 'item'], [job]);
  expect(() => change(config, kind, args)).toThrow(message);
});
