import { describe, expect, test } from 'vitest';
import { KINDS } from '../../../src/changes/kinds/index.ts';
import { draftOf, sentencesOf } from '../../../src/changes/plan.ts';
import { type ConfigTree, listAt, textAt, treeAt } from '../../../src/config/model.ts';
import { withTree } from '../../../src/config/update.ts';
import { HASH, KEY, SHA512 } from './requests-accounts.ts';
import { change, OCCASION, ruleWith, sample } from './sample.ts';

const base = sample();
const user = (config: ConfigTree, name: string) => ruleWith(config, 'name', name, 'system/user');
const group = (config: ConfigTree, name: string) => ruleWith(config, 'name', name, 'system/group');

describe('users', () => {
  test("a new user is written with what the page's form sends", () => {
    const next = change(withTree(base, ['system', 'nextuid'], '2005'), 'user.create', {
      name: 'bob',
      fullName: 'Bob',
      passwordHash: HASH,
      groups: ['support'],
      privileges: ['page-status-services', 'page-dashboard-all'],
      expires: '2030-12-31',
      disabled: true,
    });
    expect(Object.entries(Object(user(next, 'bob')))).toEqual([
      ['scope', 'user'],
      ['bcrypt-hash', HASH],
      ['descr', 'Bob'],
      ['name', 'bob'],
      ['expires', '12/31/2030'],
      ['dashboardcolumns', '2'],
      ['authorizedkeys', ''],
      ['ipsecpsk', ''],
      ['disabled', ''],
      ['webguicss', 'pfSense.css'],
      ['uid', '2005'],
      ['priv', ['page-dashboard-all', 'page-status-services']],
    ]);
    expect(textAt(next, 'system/nextuid')).toBe('2006');
    expect(treeAt(group(next, 'support') ?? '', 'member')).toEqual(['2100', '2005']);
    expect(listAt(next, 'system/user').map((one) => textAt(one, 'name'))).toEqual([
      'admin',
      'alice',
      'bob',
      'old-colleague',
    ]);
  });

  test('a number that is taken is passed over', () => {
    const next = change(withTree(base, ['system', 'nextuid'], '2100'), 'user.create', { name: 'bob' });
    expect(textAt(user(next, 'bob') ?? '', 'uid')).toBe('2102');
    expect(textAt(next, 'system/nextuid')).toBe('2103');
  });

  test('without a hash nobody can log in by password', () => {
    const next = change(base, 'user.create', { name: 'bob', authorizedKeys: [KEY] });
    expect(textAt(user(next, 'bob') ?? '', 'bcrypt-hash')).toBe('*');
    expect(Buffer.from(textAt(user(next, 'bob') ?? '', 'authorizedkeys') ?? '', 'base64').toString()).toBe(`${KEY}\n`);
  });

  test('another hash takes the place of whatever there was', () => {
    const next = change(base, 'user.update', { name: 'alice', passwordHash: SHA512 });
    expect(user(next, 'alice')).toMatchObject({ 'sha512-hash': SHA512 });
    expect(user(next, 'alice')).not.toHaveProperty('bcrypt-hash');
    expect(change(next, 'user.update', { name: 'alice', passwordHash: null })).not.toEqual(next);
  });

  test('keys that are there in other line ends are the same', () => {
    const field = Buffer.from(`${KEY}\r\n`).toString('base64');
    const there = withTree(base, ['system', 'user', 1, 'authorizedkeys'], field);
    expect(change(there, 'user.update', { name: 'alice', authorizedKeys: [KEY] })).toBe(there);
  });

  test('a renamed user keeps its number and its groups', () => {
    const next = change(base, 'user.update', { name: 'alice', newName: 'zoe' });
    expect(textAt(user(next, 'zoe') ?? '', 'uid')).toBe('2100');
    expect(treeAt(next, 'system/group')).toEqual(treeAt(base, 'system/group'));
  });

  test('a deleted user leaves its groups, and a group without members has no element for them', () => {
    const next = change(base, 'user.delete', { name: 'alice' });
    expect(user(next, 'alice')).toBeUndefined();
    expect(group(next, 'support')).not.toHaveProperty('member');
  });
});

describe('groups', () => {
  test('a new group is written as the page writes it', () => {
    const next = change(base, 'group.create', { name: 'helpers', description: 'Help', members: ['alice', 'admin'] });
    expect(Object.entries(Object(group(next, 'helpers')))).toEqual([
      ['name', 'helpers'],
      ['description', 'Help'],
      ['scope', 'local'],
      ['member', ['2100', '0']],
      ['gid', '2000'],
    ]);
    expect(textAt(next, 'system/nextgid')).toBe('2001');
  });

  test('privileges that are known no more may stay and may go', () => {
    const there = withTree(base, ['system', 'group', 1, 'priv'], ['page-of-a-package', 'page-all']);
    const kept = change(there, 'group.update', { name: 'support', privileges: ['page-of-a-package'] });
    expect(treeAt(group(kept, 'support') ?? '', 'priv')).toEqual(['page-of-a-package']);
  });
});

test('a plan tells that a password changes and not the hash, and shows keys by their fingerprints', () => {
  const changes = [{ kind: 'user.update', args: { name: 'alice', passwordHash: HASH, authorizedKeys: [KEY] } }];
  const target = { firewall: 'fw', hostKey: '', base: '' };
  const { supplies, ...occasion } = OCCASION;
  const order = { target, changes, occasion, reason: 'r', windowSeconds: 60 };
  const text = sentencesOf(draftOf(order, base, KINDS, supplies).diff).join('\n');
  expect(text).toMatch(/user 'alice' bcrypt-hash changed: ‹[^›]+› → ‹[^›]+›/);
  expect(text).toMatch(/authorizedkeys changed: .* → SHA256:[A-Za-z0-9+/]{43} \(alice@laptop\)/);
  expect(text).not.toContain(HASH);
  expect(text).not.toContain('AAAAC3');
});

const REFUSALS: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
  ['user.create', { name: 'alice' }, /another user alice/],
  ['user.create', { name: 'sshd' }, /operating system/],
  ['user.create', { name: 'a b' }, /name: must consist/],
  ['user.create', { name: 'a'.repeat(33) }, /name/],
  ['user.create', { name: '-rf' }, /name/],
  ['user.create', { name: 'bob', passwordHash: 'hunter2' }, /passwordHash: must be a hash/],
  ['user.create', { name: 'bob', passwordHash: `$2y$04$${'a'.repeat(53)}` }, /passwordHash/],
  ['user.create', { name: 'bob', password: 'hunter2' }, /password/],
  ['user.create', { name: 'bob', privileges: ['page-al'] }, /privileges: .*page-al/],
  ['user.create', { name: 'bob', groups: ['nobody'] }, /groups: there is no group/],
  ['user.create', { name: 'bob', groups: ['all'] }, /groups: everybody/],
  ['user.create', { name: 'bob', expires: '2027-02-30' }, /expires/],
  ['user.create', { name: 'bob', authorizedKeys: ['-----BEGIN OPENSSH PRIVATE KEY-----'] }, /authorizedKeys/],
  ['user.create', { name: 'bob', authorizedKeys: ['ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAA'] }, /authorizedKeys/],
  ['user.update', { name: 'nobody' }, /there is no user nobody/],
  ['user.update', { name: 'alice', newName: 'admin' }, /there is a user admin/],
  ['user.update', { name: 'alice', newName: 'sshd' }, /operating system/],
  ['user.update', { name: 'admin', newName: 'chief' }, /pfSense brings along/],
  ['user.update', { name: 'admin', fullName: 'Chief' }, /pfSense brings along/],
  ['user.delete', { name: 'admin' }, /pfSense brings along/],
  ['group.create', { name: 'support', description: 'x' }, /another group support/],
  ['group.create', { name: 'wheel' }, /operating system/],
  ['group.create', { name: 'a'.repeat(17) }, /1 to 16/],
  ['group.create', { name: 'a b' }, /1 to 16/],
  ['group.create', { name: 'helpers', members: ['nobody'] }, /members: there is no user/],
  ['group.update', { name: 'nobody' }, /there is no group nobody/],
  ['group.update', { name: 'admins', newName: 'chiefs' }, /pfSense brings along/],
  ['group.update', { name: 'all', members: ['alice'] }, /everybody/],
  ['group.delete', { name: 'admins' }, /pfSense brings along/],
];

test.each(REFUSALS)('%s %j is refused', (kind, args, message) => {
  const everybody = { name: 'all', description: '', scope: 'system', gid: '1998' };
  const config = withTree(base, ['system', 'group'], [everybody, ...listAt(base, 'system/group')]);
  expect(() => change(config, kind, args)).toThrow(message);
});

test('groups of an authentication server may have spaces', () => {
  const next = change(base, 'group.create', { name: 'Domain Admins of the Company', scope: 'remote' });
  expect(textAt(group(next, 'Domain Admins of the Company') ?? '', 'scope')).toBe('remote');
});
