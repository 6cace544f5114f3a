import { describe, expect, test } from 'vitest';
import { operationsBetween } from '../../../src/changes/operation.ts';
import { type ConfigTree, textAt } from '../../../src/config/model.ts';
import { withTree } from '../../../src/config/update.ts';
import { change, ruleWith, sample } from './sample.ts';

const base = sample();
const ADDED = 'Entry added Wed, 18 Nov 2026 11:08:20 +0000';
const aliasIn = (config: ConfigTree, name: string) => ruleWith(config, 'name', name, 'aliases/alias');

describe('creating', () => {
  test('writes what the page writes', () => {
    const next = change(base, 'alias.create', {
      name: 'branch',
      type: 'host',
      description: 'Servers & printers',
      members: ['192.0.2.10', { value: 'Files.Example.net', description: 'Files' }, 'admin_hosts', '2001:DB8::1'],
    });
    const alias = aliasIn(next, 'branch');
    expect(alias).toEqual({
      name: 'branch',
      type: 'host',
      address: '192.0.2.10 files.example.net admin_hosts 2001:db8::1',
      descr: 'Servers & printers',
      detail: `${ADDED}||Files||${ADDED}||${ADDED}`,
    });
    expect(Object.keys(alias ?? {})).toEqual(['name', 'type', 'address', 'descr', 'detail']);
  });

  test.each([
    ['host', '192.0.2.8-192.0.2.10', '192.0.2.8 192.0.2.9 192.0.2.10'],
    ['host', '192.0.2.10-192.0.2.9', '192.0.2.9 192.0.2.10'],
    ['host', '192.0.2.5/30', '192.0.2.4 192.0.2.5 192.0.2.6 192.0.2.7'],
    ['network', '192.0.2.1-192.0.2.6', '192.0.2.1/32 192.0.2.2/31 192.0.2.4/31 192.0.2.6/32'],
    ['network', '10.1.2.3/24', '10.1.2.3/24'],
    ['network', '10.1.2.3', '10.1.2.3/32'],
    ['network', '2001:db8::5', '2001:db8::5/128'],
    ['network', 'threats', 'threats'],
    ['network', 'bücher.example', 'xn--bcher-kva.example'],
    ['port', '8000-8010', '8000:8010'],
    ['port', 'https', 'https'],
  ])('a %s alias holds %s as %s', (type, member, stored) => {
    const next = change(base, 'alias.create', { name: 'branch', type, members: [member] });
    expect(textAt(aliasIn(next, 'branch') ?? {}, 'address')).toBe(stored);
  });

  test('a downloaded list is kept with its URL', () => {
    const url = 'https://lists.example.net/bad.txt';
    const next = change(base, 'alias.create', { name: 'bad', type: 'urltable', url, description: 'Bad' });
    expect(aliasIn(next, 'bad')).toEqual({
      name: 'bad',
      type: 'urltable',
      url,
      updatefreq: '7',
      address: url,
      descr: 'Bad',
      detail: ADDED,
    });
  });

  test('an alias that is so already changes nothing, whatever its members are described as', () => {
    const args = { name: 'admin_hosts', type: 'host', description: "Administrators' machines" };
    const members = ['192.168.1.10', '192.168.1.11'];
    expect(change(base, 'alias.create', { ...args, members })).toBe(base);
    expect(() => change(base, 'alias.create', { ...args, members: ['192.168.1.10'] })).toThrow(/another alias/);
  });
});

describe('updating', () => {
  test('keeps the descriptions of members that stay', () => {
    const next = change(base, 'alias.update', { name: 'admin_hosts', members: ['192.168.1.11', '192.168.1.12'] });
    expect(aliasIn(next, 'admin_hosts')).toMatchObject({
      address: '192.168.1.11 192.168.1.12',
      detail: `laptop||${ADDED}`,
      descr: "Administrators' machines",
    });
    expect(change(next, 'alias.update', { name: 'admin_hosts', members: ['192.168.1.11', '192.168.1.12'] })).toBe(next);
  });

  test('adds and removes members one by one', () => {
    const more = change(base, 'alias.add_members', { name: 'trusted', members: ['10.2.0.1', 'admin_hosts'] });
    expect(aliasIn(more, 'trusted')).toMatchObject({
      address: '10.1.0.0/16 admin_hosts 10.2.0.1/32',
      detail: `head office||||${ADDED}`,
    });
    const less = change(more, 'alias.remove_members', { name: 'trusted', members: ['10.2.0.1', '10.9.9.9'] });
    expect(aliasIn(less, 'trusted')).toEqual(aliasIn(base, 'trusted'));
    expect(change(less, 'alias.remove_members', { name: 'trusted', members: ['10.2.0.1'] })).toBe(less);
  });

  test('changes the URL of a list and how often it is fetched', () => {
    const url = 'https://lists.example.net/worse.txt';
    const next = change(base, 'alias.update', { name: 'threats', url, updateDays: 2 });
    expect(aliasIn(next, 'threats')).toMatchObject({ url, address: url, updatefreq: '2', descr: 'Downloaded list' });
  });
});

describe('renaming', () => {
  /** A user of the alias in every place that can name one. */
  const USES: readonly (readonly [string, string])[] = [
    ['filter/rule/3/source/address', '%'],
    ['filter/rule/3/destination/address', '%'],
    ['filter/rule/3/source/port', '%'],
    ['filter/rule/3/destination/port', '%'],
    ['filter/rule/3/nat/source', '%'],
    ['nat/rule/0/source/address', '%'],
    ['nat/rule/0/source/port', '%'],
    ['nat/rule/0/destination/address', '%'],
    ['nat/rule/0/destination/port', '%'],
    ['nat/rule/0/target', '%'],
    ['nat/rule/0/local-port', '%'],
    ['nat/onetoone/0/destination/address', '%'],
    ['nat/outbound/rule/0/source/network', '%'],
    ['nat/outbound/rule/0/destination/network', '%'],
    ['nat/outbound/rule/0/sourceport', '%'],
    ['nat/outbound/rule/0/dstport', '%'],
    ['nat/outbound/rule/0/target', '%'],
    ['nat/outbound/rule/0/natport', '%'],
    ['aliases/alias/1/address', '10.0.0.1 % other'],
    ['staticroutes/route/0/network', '%'],
    ['openvpn/openvpn-server/0/local_network', '10.0.0.0/8,%,mgmt'],
    ['openvpn/openvpn-server/0/tunnel_networkv6', '%'],
    ['openvpn/openvpn-client/0/local_network', '%'],
    ['openvpn/openvpn-client/0/remote_network', '%'],
    ['openvpn/openvpn-csc/0/remote_network', '10.99.0.0/24, %'],
  ];

  test.each(USES)('%s is found and rewritten', (path, pattern) => {
    const parts = path.split('/').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    const used = withTree(base, parts, pattern.replace('%', 'blocklist'));
    expect(() => change(withoutOthers(used, path), 'alias.delete', { name: 'blocklist' })).toThrow(/in use by/);
    const next = change(used, 'alias.rename', { name: 'blocklist', newName: 'bad_hosts' });
    expect(textAt(next, path)).toBe(pattern.replace('%', 'bad_hosts'));
    const restored = change(next, 'alias.rename', { name: 'bad_hosts', newName: 'blocklist' });
    expect(operationsBetween(used, restored)).toEqual([]);
  });

  /** Only the one use under test is left. */
  function withoutOthers(config: ConfigTree, path: string): ConfigTree {
    return path.startsWith('filter/rule') ? config : withTree(config, ['filter', 'rule'], []);
  }

  test('does not touch names that only contain it', () => {
    const used = withTree(base, ['aliases', 'alias', 1, 'address'], 'blocklist2 xblocklist');
    const next = change(used, 'alias.rename', { name: 'blocklist', newName: 'bad_hosts' });
    expect(textAt(next, 'aliases/alias/1/address')).toBe('blocklist2 xblocklist');
  });

  test('again changes nothing', () => {
    const next = change(base, 'alias.rename', { name: 'blocklist', newName: 'bad_hosts' });
    expect(change(next, 'alias.rename', { name: 'blocklist', newName: 'bad_hosts' })).toBe(next);
  });
});

test('deleting an alias that nothing uses, and again', () => {
  const next = change(base, 'alias.delete', { name: 'updates' });
  expect(aliasIn(next, 'updates')).toBeUndefined();
  expect(change(next, 'alias.delete', { name: 'updates' })).toBe(next);
});

test('a package that uses an alias keeps it from being renamed or deleted', () => {
  const used = withTree(base, ['installedpackages', 'proxy', 'config', 'allowed_alias'], 'updates');
  expect(() => change(used, 'alias.delete', { name: 'updates' })).toThrow(/installedpackages\/proxy/);
  expect(() => change(used, 'alias.rename', { name: 'updates', newName: 'upd' })).toThrow(/packages keep/);
});
