import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { candidateOf } from '../../../src/changes/candidate.ts';
import { KINDS } from '../../../src/changes/kinds/index.ts';
import { ownersOf } from '../../../src/changes/kinds/owners.ts';
import { onlyWritten } from '../../../src/changes/only-written.ts';
import { operationsBetween } from '../../../src/changes/operation.ts';
import { type ConfigTree, treeAt } from '../../../src/config/model.ts';
import { withTree } from '../../../src/config/update.ts';
import { PfsenseError } from '../../../src/core/errors.ts';
import { requestsOn } from './requests.ts';
import { change, OCCASION, sample } from './sample.ts';

const additions: [string, ConfigTree][] = [
  ['snmpd', { syslocation: 'Cellar', rocommunity: 'let-me-in' }],
  ['dyndnses/dyndns', [{ id: '0', host: 'fw.example.net', password: 'hunter2', server: 'a.example.net' }]],
  [
    'wol/wolentry',
    [
      { mac: '00:11:22:33:44:55', descr: 'One' },
      { mac: '00:11:22:33:44:66', descr: 'Two' },
    ],
  ],
  ['installedpackages/thing', { config: [{ apikey: 'k-123', name: 'x' }] }],
];
const base = additions.reduce((tree, [path, value]) => withTree(tree, path.split('/'), value), sample());
const set = (path: string, value: unknown): ConfigTree => change(base, 'config.set', { path, value });

describe('a value by its path', () => {
  test('is written, and taken away again', () => {
    const next = set('mcp-test/deep/er', '1');
    expect(treeAt(next, 'mcp-test')).toEqual({ deep: { er: '1' } });
    expect(change(next, 'config.delete', { path: 'mcp-test' })).toEqual(base);
    expect(change(base, 'config.delete', { path: 'mcp-test' })).toBe(base);
  });

  test('reaches a part of an item of a list by its identity', () => {
    const next = set('wol/wolentry/00:11:22:33:44:66/descr', 'Second');
    expect(treeAt(next, 'wol/wolentry/1/descr')).toBe('Second');
    expect(treeAt(next, 'wol/wolentry/0')).toBe(treeAt(base, 'wol/wolentry/0'));
    const gone = change(next, 'config.delete', { path: 'wol/wolentry/00:11:22:33:44:55' });
    expect(treeAt(gone, 'wol/wolentry')).toEqual([{ mac: '00:11:22:33:44:66', descr: 'Second' }]);
  });

  test('is said to be only written where no step is known, and not where one is', () => {
    const said = (path: string): string =>
      onlyWritten({ operations: operationsBetween(base, set(path, '1')) }).join(' ');
    expect(said('syslog/nentries')).toMatch(/^Only written, as no step is known .*: syslog\/nentries\. /);
    expect(said('unbound/log_verbosity')).toBe('');
    expect(said('interfaces/lan/spoofmac')).toBe('');
  });
});

const REFUSALS: readonly (readonly [path: string, value: unknown, message: RegExp])[] = [
  ['system/user', [], /has kinds of its own/],
  ['system', '', /has kinds of its own/],
  ['system/group/0/member', ['0'], /has kinds of its own/],
  ['filter/rule', [], /has kinds of its own/],
  ['filter', '', /has kinds of its own/],
  ['interfaces/lan/ipaddr', '192.0.2.1', /has kinds of its own/],
  ['interfaces/opt9', { descr: 'x' }, /has kinds of its own/],
  ['unbound/dnssec', '', /has kinds of its own/],
  ['revision/time', '1', /pfSense writes it itself/],
  ['version', '99', /pfSense writes it itself/],
  ['cert', [], /private keys/],
  ['ca', [], /private keys/],
  ['system/authserver', [], /decides who gets in/],
  ['snmpd/rocommunity', 'other', /is a secret/],
  ['snmpd/syslocation', 'Attic', /beside snmpd\/syslocation stands a secret/],
  ['snmpd', { syslocation: 'Attic' }, /it holds a secret, which would be lost/],
  ['dyndnses/dyndns/fw.example.net/server', 'evil.example.net', /stands a secret/],
  ['unbound/custom_options', 'x', /is a secret/],
  ['mcp-test', { password: 'x' }, /mcp-test\/password is a secret/],
  ['mcp-test', { deep: { psk: 'x' } }, /psk is a secret/],
  ['mcp-test', 'password: hunter2secret', /looks as if it held a secret/],
  ['mcp-test', 'Größe', /printable ASCII/],
  ['mcp-test', 'a\nb', /printable ASCII/],
  ['mcp-test', ['a'], /is no list in pfSense/],
  ['wol/wolentry', { mac: 'x' }, /is a list in pfSense/],
  ['wol/wolentry', [], /empty item or none/],
  ['wol/wolentry/00:00:00:00:00:00/descr', 'x', /has no such item/],
  ['wol/wolentry/00:11:22:33:44:55', { mac: '00:00:00:00:00:01' }, /would be another one/],
  ['mcp-test', { 'Bad Name': 'x' }, /small letters/],
  ['Mcp', 'x', /small letters/],
  ['__proto__/x', 'x', /small letters/],
  ['syslog/laggroup', 'x', /differently/],
];

test.each(REFUSALS)('%s may not be set to %j', (path, value, message) => {
  expect(() => set(path, value)).toThrow(message);
});

test.each(['snmpd/rocommunity', 'system/user', 'cert', 'cron/item', 'dyndnses/dyndns/fw.example.net/password'])(
  '%s may not be deleted',
  (path) => {
    expect(() => change(base, 'config.delete', { path })).toThrow(PfsenseError);
  },
);

test('the refusal of a place that has kinds names them', () => {
  const refusal = (path: string): unknown => {
    try {
      return set(path, '');
    } catch (error) {
      return error;
    }
  };
  expect(refusal('aliases')).toMatchObject({
    code: 'bad_input',
    facts: { hint: expect.stringContaining('alias.create') },
  });
  expect(refusal('system/user')).toMatchObject({ facts: { hint: expect.stringContaining('user.create') } });
});

test('whatever a kind of its own changes cannot be set by its path', () => {
  const kinds = KINDS.map(({ id }) => id).filter((id) => !/^(config|revision|object)\./.test(id));
  const sampleBase = sample();
  const named = new Set(KINDS.map(({ id }) => id));
  fc.assert(
    fc.property(requestsOn(sampleBase, ...kinds), (step) => {
      try {
        const { parts } = candidateOf(sampleBase, [step], KINDS, OCCASION);
        // What a kind changes besides, where its own objects are named.
        const own = parts
          .flatMap(({ paths }) => paths)
          .filter(([section]) => section !== 'openvpn' && section !== 'dhcpdv6');
        for (const path of own) {
          const owners = ownersOf(path);
          expect([path.join('/'), owners]).not.toEqual([path.join('/'), undefined]);
          expect(owners?.split(', ').filter((owner) => !named.has(owner))).toEqual([]);
        }
      } catch (error) {
        if (!(error instanceof PfsenseError)) throw error;
      }
    }),
    { numRuns: 1500 },
  );
});
