import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseConfigXml } from '../../src/config/xml.ts';
import { configBox } from '../../src/pfsense/box.ts';
import { certificateList } from '../../src/tools/certificate/snippet.ts';
import { ownerOf } from '../../src/tools/table/owner.ts';
import { answerForUser } from '../../src/tools/vpn/user/answer.ts';
import { backendReasons, isExpired } from '../../src/tools/vpn/user/backends.ts';
import { candidatesOf } from '../../src/tools/vpn/user/certificates.ts';
import { verdictOf } from '../../src/tools/vpn/user/reason.ts';
import type { UserFacts } from '../../src/tools/vpn/user/snippet.ts';
import { withPeople } from '../contract/vpn-users.ts';

const FILE = new URL('../../fixtures/lab/root/cf/conf/config.xml', import.meta.url);
const PEOPLE = parseConfigXml(withPeople(readFileSync(FILE, 'utf8')));

const facts = (more: Partial<UserFacts>): UserFacts => ({
  servers: [],
  overrides: [],
  users: [{ text: { name: 'bob', hasPassword: 'yes' }, cert: [], priv: [] }],
  groups: [],
  backends: [
    { name: 'Directory', type: 'ldap', host: 'ldap.example', ldap_extended_enabled: '' },
    { name: 'Radius', type: 'radius', host: '192.0.2.5' },
  ],
  mobile: { text: {}, keys: [], phase1: [] },
  live: null,
  now: 1_795_000_000,
  ...more,
});
const reached = (isOpen: boolean) => ({
  live: { reached: [{ name: 'Directory', port: 389, isOpen }], processes: [], revocations: [] },
});

describe('name and password', () => {
  test.each([
    ['Local Database', 'bob', {}, 'yes'],
    ['Local Database', 'eve', {}, 'no'],
    ['Radius', 'bob', {}, 'unknown'],
    ['Directory', 'bob', reached(true), 'unknown'],
    ['Directory', 'bob', reached(false), 'no'],
    ['Gone', 'bob', {}, 'no'],
    ['', 'bob', {}, 'no'],
    // The first backend that accepts is enough.
    ['Directory,Local Database', 'bob', reached(false), 'yes'],
    ['Local Database,Radius', 'eve', {}, 'unknown'],
    ['Local Database,Directory', 'eve', reached(false), 'no'],
  ])('%s for %s', (named, user, more, verdict) => {
    expect(verdictOf(backendReasons(named, user, facts(more)))).toBe(verdict);
  });

  test('a group limit of LDAP is named as not asked', () => {
    expect(JSON.stringify(backendReasons('Directory', 'bob', facts(reached(true))))).toContain('extended query');
  });

  test('an account lasts to the end of its day and one more', () => {
    const at = (text: string) => Date.parse(text) / 1000;
    expect(isExpired('11/24/2026', at('2026-11-24T12:00:00Z'))).toBe(false);
    expect(isExpired('11/24/2026', at('2026-11-27T00:00:00Z'))).toBe(true);
    expect(isExpired(undefined, 0)).toBe(false);
    expect(isExpired('never', at('2026-11-27T00:00:00Z'))).toBe(false);
  });
});

describe('from the configuration alone', () => {
  const ask = async (user: string) => {
    const notes: string[] = [];
    const box = configBox('fw', PEOPLE, AbortSignal.timeout(1_000));
    return { ...(await answerForUser(user, box, (text) => void notes.push(text))), notes };
  };

  test('what blocks is known, that nothing blocks is not enough', async () => {
    expect(await ask('carol')).toMatchObject({ canConnect: 'unknown', lastReject: null, source: null });
    const servers = (await ask('carol')).servers;
    expect(servers.find(({ id }) => id === '11')).toMatchObject({ canConnect: 'no', connectedFrom: null });
    expect((await ask('bob')).servers.find(({ id }) => id === '11')).toMatchObject({ canConnect: 'unknown' });
    expect((await ask('bob')).notes).toEqual([expect.stringContaining('configuration alone')]);
  });
});

describe('the revocation list that the daemon reads', () => {
  const stored = certificateList.fromConfig?.(PEOPLE, {}) ?? expect.unreachable('it has one');
  const demands = {
    caref: 'vpnuserca0001',
    crlref: 'vpnusercrl001',
    depth: 1,
    isClientUsageDemanded: true,
    vpnid: '11',
  };
  const imported = { ...stored, lists: stored.lists.map((list) => ({ ...list, revoked: [], isImported: true })) };
  const daemon = (serials: string[] | null, nextUpdate = 2_000_000_000) =>
    facts({ users: [], live: { reached: [], processes: [], revocations: [{ vpnid: '11', nextUpdate, serials }] } });
  const results = (user: string, known: UserFacts) =>
    candidatesOf(user, demands, imported, known).flatMap(({ reasons }) =>
      reasons.map(({ check, result }) => `${check} ${result}`),
    );

  test.each([
    ['carol', daemon(['1002']), ['revocation blocks']],
    ['bob', daemon(['1002']), ['certificate passes']],
    ['bob', daemon(null), ['revocation unknown']],
    // One that ran out keeps everybody out.
    ['bob', daemon(['1002'], 1_700_000_000), ['revocation blocks']],
  ])('%s', (user, known, expected) => {
    expect(results(user, known)).toEqual(expected);
  });
});

test.each([
  ['sshguard', null, 'sshguard'],
  ['snort2c', null, 'Snort'],
  ['pfB_PRI1_v4', 'urltable', 'pfBlockerNG'],
  ['virusprot', null, 'connection limits'],
  ['blocked_countries', 'urltable', 'URL'],
  ['friends', 'host', 'an alias'],
  ['mystery', null, 'unknown'],
])('table %s is filled by somebody who is known', (table, alias, owner) => {
  expect(ownerOf(table, alias)).toMatchObject({ owner: expect.stringContaining(owner), release: expect.any(String) });
});
