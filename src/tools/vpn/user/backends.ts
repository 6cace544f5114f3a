import { blocks, passes, type Reason, unknown, verdictOf } from './reason.ts';
import type { Account, Texts, UserFacts } from './snippet.ts';

export const LOCAL = 'Local Database';

/**
 * Name and password, by the backends that a server names: pfSense asks them in turn, and the first that accepts is
 * enough. No password is tried here.
 */
export function backendReasons(named: string, user: string, facts: UserFacts): Reason[] {
  const names = named.split(',').filter((name) => name !== '');
  if (names.length === 0)
    return [
      blocks('backend', 'The server asks for name and password but names no backend.', 'Choose one in the server.'),
    ];
  const answers = names.map((name) => (name === LOCAL ? localReasons(user, facts) : remoteReasons(name, facts)));
  const best = answers.find((reasons) => verdictOf(reasons) === 'yes');
  if (best) return best;
  const open = answers.filter((reasons) => verdictOf(reasons) === 'unknown');
  // What blocks one backend blocks nobody as long as another may accept.
  return open.length > 0 ? open.flat() : answers.flat();
}

function localReasons(user: string, { users, now }: UserFacts): Reason[] {
  const account = users.find(({ text }) => text['name'] === user) ?? users[0];
  if (!account)
    return [
      blocks(
        'account',
        'There is no local user of that name.',
        'Add it under System > User Manager, or correct the name.',
      ),
    ];
  // pfSense compares names letter by letter.
  if (account.text['name'] !== user)
    return [
      blocks(
        'account',
        'The local user is written with other capitals, and that counts.',
        'Log in with the name as it is written.',
        account.text['name'],
      ),
    ];
  return accountReasons(account, now);
}

export function accountReasons(account: Account, now: number): Reason[] {
  const about = account.text['name'];
  if (account.text['disabled'] !== undefined)
    return [blocks('account', 'The local account is disabled.', 'System > User Manager: untick Disabled.', about)];
  if (isExpired(account.text['expires'], now))
    return [
      blocks(
        'account',
        'The local account has expired.',
        'System > User Manager: change the expiration date.',
        `${about}: ${account.text['expires']}`,
      ),
    ];
  if (account.text['hasPassword'] === 'no')
    return [blocks('account', 'The local account has no password.', 'System > User Manager: set one.', about)];
  return [passes('account', 'The local account exists, is enabled and has not expired.', about)];
}

/** Dates are month/day/year, and pfSense lets the day after pass too. */
export function isExpired(expires: string | undefined, now: number): boolean {
  const match = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(expires ?? '');
  if (!match) return false;
  const [, month, day, year] = match.map(Number);
  return now * 1000 - 86_400_000 > new Date(year ?? 0, (month ?? 1) - 1, day ?? 1).getTime();
}

function remoteReasons(name: string, { backends, live }: UserFacts): Reason[] {
  const backend = backends.find((one) => one['name'] === name);
  if (!backend)
    return [
      blocks(
        'backend',
        'The server names a backend that does not exist; pfSense passes over it.',
        'Choose an existing one in the server.',
        name,
      ),
    ];
  if (backend['type'] === 'ldap') return ldapReasons(name, backend, live);
  return [
    unknown(
      'backend',
      'The account is kept in RADIUS. Neither that server nor the password was tried: Diagnostics > Authentication does.',
      name,
    ),
  ];
}

function ldapReasons(name: string, backend: Texts, live: UserFacts['live']): Reason[] {
  const reached = live?.reached.find((one) => one.name === name);
  if (reached?.isOpen === false)
    return [
      blocks(
        'backend',
        'The LDAP server accepts no TCP connection.',
        'Check host, port, route and the server itself.',
        `${name}: port ${reached.port}`,
      ),
    ];
  const group =
    backend['ldap_extended_enabled'] === undefined
      ? []
      : [
          unknown(
            'backend',
            'An extended query limits who may log in, as a rule by group; whether the user fits was not asked.',
            name,
          ),
        ];
  const says = reached?.isOpen
    ? 'The LDAP server accepts TCP connections. The account and its password were not tried: Diagnostics > Authentication does.'
    : 'The account is kept in LDAP. Neither that server nor the password was tried.';
  return [unknown('backend', says, name), ...group];
}
