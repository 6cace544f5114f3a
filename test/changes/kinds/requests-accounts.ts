import fc from 'fast-check';

type Arguments = fc.Arbitrary<Record<string, unknown>>;

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const pick = fc.constantFrom;
const record = (fields: Record<string, fc.Arbitrary<unknown>>): Arguments =>
  fc.record(fields).map((args) => Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined)));

export const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl alice@laptop';
export const HASH = `$2y$12$${'a'.repeat(53)}`;
export const SHA512 = `$6$saltsaltsalt$${'b'.repeat(86)}`;

const user = pick('alice', 'old-colleague', 'fresh', 'other', 'admin');
const group = pick('support', 'admins', 'helpers', 'more');
const privileges = fc.subarray(['page-status-services', 'page-dashboard-all', 'user-shell-access', 'page-all']);

const account = {
  fullName: maybe(pick('', 'Alice', 'Größe & Co')),
  passwordHash: maybe(pick(HASH, SHA512, null)),
  authorizedKeys: maybe(fc.subarray([KEY, `restrict,command="/bin/date" ${KEY}`])),
  privileges: maybe(privileges),
  groups: maybe(fc.subarray(['admins', 'support', 'helpers'])),
  expires: maybe(pick('', '2030-12-31', '2027-02-28')),
  disabled: maybe(fc.boolean()),
};

const team = {
  description: maybe(pick('', 'Help desk')),
  members: maybe(fc.subarray(['admin', 'alice', 'fresh'])),
  privileges: maybe(privileges),
};

const command = pick('/usr/bin/true', '/usr/sbin/newsyslog', '/bin/date -u');
const when = { minute: maybe(pick<unknown>('*/5', 0, '1-5')), hour: maybe(pick('*', '3')), user: maybe(pick('root')) };
const tunable = pick('net.inet.tcp.sendspace', 'net.inet.ip.random_id', 'kern.ipc.somaxconn');

const SYSTEM_ARGUMENTS: Readonly<Record<string, Arguments>> = {
  'cron.add': record({ ...when, command, dayOfWeek: maybe(pick('sun', '1-5')) }),
  'cron.update': record({ ...when, command, newCommand: maybe(pick('/usr/bin/false')) }),
  'cron.delete': record({ command }),
  'sysctl.set': record({ tunable, value: pick('1', 'default', '65536'), description: maybe(pick('', 'Because')) }),
  'sysctl.delete': record({ tunable }),
  'notification.set_smtp': record({
    enabled: maybe(fc.boolean()),
    server: maybe(pick('mail.example.net', '192.0.2.25', '')),
    port: maybe(pick(25, 587)),
    tls: maybe(fc.boolean()),
    validateCertificate: maybe(fc.boolean()),
    to: maybe(pick('noc@example.net', '')),
    mechanism: maybe(pick('PLAIN', 'LOGIN')),
  }),
  'notification.set_telegram': record({ enabled: maybe(fc.boolean()), chatId: maybe(pick('-100', '@noc')) }),
  'notification.set_pushover': record({ enabled: maybe(fc.boolean()), priority: maybe(pick(-2, 2)) }),
  'notification.set_slack': record({ enabled: maybe(fc.boolean()), channel: maybe(pick('noc', '')) }),
};

/** Arguments of the kinds that change accounts and what the system does by itself. */
export const ACCOUNT_ARGUMENTS: Readonly<Record<string, Arguments>> = {
  'user.create': record({ ...account, name: pick('fresh', 'other', 'alice') }),
  'user.update': record({ ...account, name: user, newName: maybe(pick('renamed', 'alice')) }),
  'user.delete': record({ name: user }),
  'group.create': record({ ...team, name: pick('helpers', 'more', 'support'), scope: maybe(pick('local', 'remote')) }),
  'group.update': record({ ...team, name: group, newName: maybe(pick('renamed')) }),
  'group.delete': record({ name: group }),
  ...SYSTEM_ARGUMENTS,
};
