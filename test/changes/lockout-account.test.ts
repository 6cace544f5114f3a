import { describe, expect, test } from 'vitest';
import { judgeAccount } from '../../src/changes/lockout/account.ts';
import type { SessionFacts } from '../../src/changes/lockout/session.ts';
import { parseConfigXml } from '../../src/config/xml.ts';

const config = ({
  ssh = '<enable>enabled</enable>',
  admin = '',
  bob = '<descr>Bob</descr>',
  priv = 'user-shell-access',
  member = '2001',
} = {}) =>
  parseConfigXml(
    `<pfsense><system><ssh>${ssh}</ssh><user><name>admin</name><uid>0</uid>${admin}</user>${bob === '' ? '' : `<user><name>bob</name><uid>2001</uid>${bob}</user>`}<user><name>eve</name><uid>2002</uid></user><group><name>ops</name><gid>1</gid><member>${member}</member><priv>${priv}</priv></group></system></pfsense>`,
  );
const BASE = config();
const facts = (user: string | null) =>
  ({
    user,
    connection: null,
    replyDevice: null,
    devices: {},
    addresses: {},
    tables: [],
    tests: {},
    hasPending: false,
    localTime: '',
  }) satisfies SessionFacts;
const judged = (user: string | null, candidate: ReturnType<typeof config>) =>
  judgeAccount(facts(user), BASE, candidate, []);

describe('the account of a session', () => {
  test.each([
    ['the SSH server changes', 'admin', { ssh: '<enable>enabled</enable><port>2222</port>' }, 'unknown', /SSH server/],
    ['it is deleted', 'bob', { bob: '' }, 'cut', /bob is deleted/],
    [
      'it is disabled',
      'bob',
      { bob: '<descr>Bob</descr><disabled></disabled>' },
      'unknown',
      /bob changes \(disabled\)/,
    ],
    [
      'its keys change',
      'bob',
      { bob: '<descr>Bob</descr><authorizedkeys>x</authorizedkeys>' },
      'unknown',
      /authorizedkeys/,
    ],
    ['its group loses the shell', 'bob', { priv: 'page-all' }, 'unknown', /group ops change/],
    ['it leaves its group', 'bob', { member: '2002' }, 'unknown', /group ops no more/],
    [
      'root is admin by another name',
      'root',
      { admin: '<expires>01/01/2020</expires>' },
      'unknown',
      /admin changes \(expires\)/,
    ],
    ['it is not known whose it is', null, { bob: '' }, 'unknown', /does not tell/],
    ['it is in no configuration', 'carol', { bob: '' }, 'unknown', /does not have carol/],
  ] as const)('is not safe when %s', (_what, user, changes, verdict, because) => {
    const [found] = judged(user, config(changes));
    expect(found?.verdict).toBe(verdict);
    expect(found?.because.join()).toMatch(because);
  });

  test.each([
    ['nothing changes', 'bob', {}],
    ['its description changes', 'bob', { bob: '<descr>Robert</descr>' }],
    ['another account is deleted', 'admin', { bob: '' }],
    ['a group of others changes', 'admin', { priv: 'page-all' }],
  ] as const)('is safe when %s', (_what, user, changes) => {
    expect(judged(user, config(changes))).toEqual([]);
  });
});
