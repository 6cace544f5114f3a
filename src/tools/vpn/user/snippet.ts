import { z } from 'zod';
import { type ConfigTree, entriesAt, isList, listAt, textAt, treeAt } from '../../../config/model.ts';
import { wallMs } from '../../../core/clock.ts';
import { defineSnippet } from '../../../pfsense/snippet.ts';

/** PHP encodes an empty map as a list. */
const Texts = z.record(z.string(), z.string()).or(z.array(z.never()).transform((): Record<string, string> => ({})));
export type Texts = z.output<typeof Texts>;
const Account = z.object({ text: Texts, cert: z.array(z.string()), priv: z.array(z.string()) });
export type Account = z.output<typeof Account>;
const Group = z.object({ name: z.string(), member: z.array(z.string()), priv: z.array(z.string()) });
const Mobile = z.object({ text: Texts, keys: z.array(Texts), phase1: z.array(Texts) });

const Live = z.object({
  /** Whether an LDAP server accepts a TCP connection; null: not tried. */
  reached: z.array(z.object({ name: z.string(), port: z.int(), isOpen: z.boolean().nullable() })),
  /** By the process that a server's pid file names; null: the firewall has no function for it. */
  processes: z.array(z.object({ vpnid: z.string(), isRunning: z.boolean().nullable() })),
  /** The revocation lists that the daemons read. Times in seconds, serial numbers in hexadecimal; null: unreadable. */
  revocations: z.array(
    z.object({ vpnid: z.string(), nextUpdate: z.int().nullable(), serials: z.array(z.string()).nullable() }),
  ),
});

const Facts = z.object({
  servers: z.array(Texts),
  overrides: z.array(Texts),
  /** Local accounts of that name, whatever the case of its letters. */
  users: z.array(Account),
  groups: z.array(Group),
  backends: z.array(Texts),
  mobile: Mobile,
  /** null: from the configuration alone. */
  live: Live.nullable(),
  /** Seconds since the epoch. */
  now: z.int(),
});
export type UserFacts = z.output<typeof Facts>;

const SERVER =
  'vpnid mode authmode strictusercn username_as_common_name caref crlref cert_depth ocspcheck description protocol local_port interface maxclients data_ciphers digest';
const BACKEND = 'name type host ldap_port ldap_urltype ldap_extended_query radius_protocol radius_auth_port';

/** What decides whether one user gets into a VPN. */
export const vpnUser = defineSnippet({
  id: 'vpn/user',
  effect: 'read',
  complexity: 'firewall',
  input: z.strictObject({ user: z.string() }),
  output: Facts,
  fromConfig(config, { user }) {
    const isMine = (entry: ConfigTree, key: string): boolean =>
      textAt(entry, key)?.toLowerCase() === user.toLowerCase();
    return {
      servers: listAt(config, 'openvpn/openvpn-server').map((entry) => ({
        ...texts(entry, SERVER),
        ...flags(entry, 'disable remote_cert_tls'),
      })),
      overrides: listAt(config, 'openvpn/openvpn-csc').map((entry) => ({
        ...texts(entry, 'common_name server_list block description'),
        ...flags(entry, 'disable'),
      })),
      users: listAt(config, 'system/user')
        .filter((entry) => isMine(entry, 'name'))
        .map(accountOf),
      groups: listAt(config, 'system/group').map((entry) => ({
        name: textAt(entry, 'name') ?? '',
        member: words(entry, 'member'),
        priv: words(entry, 'priv'),
      })),
      backends: listAt(config, 'system/authserver').map((entry) => ({
        ...texts(entry, BACKEND),
        ...(textAt(entry, 'ldap_extended_enabled') ? { ldap_extended_enabled: '' } : {}),
      })),
      mobile: {
        text: {
          ...texts(treeAt(config, 'ipsec/client') ?? '', 'user_source group_source auth_groups'),
          ...flags(treeAt(config, 'ipsec/client') ?? '', 'enable'),
        },
        keys: listAt(config, 'ipsec/mobilekey')
          .filter((entry) => isMine(entry, 'ident'))
          .map((entry) => texts(entry, 'ident type')),
        phase1: listAt(config, 'ipsec/phase1')
          .filter((entry) => treeAt(entry, 'mobile') !== undefined)
          .map((entry) => ({
            ...texts(entry, 'ikeid descr iketype authentication_method caref'),
            ...flags(entry, 'disabled'),
          })),
      },
      live: null,
      now: Math.floor(wallMs() / 1000),
    };
  },
});

function accountOf(entry: ConfigTree): Account {
  const hasPassword = ['bcrypt-hash', 'sha512-hash', 'password', 'md5-hash'].some((key) => textAt(entry, key));
  return {
    text: {
      ...texts(entry, 'name uid expires'),
      ...flags(entry, 'disabled'),
      hasPassword: hasPassword ? 'yes' : 'no',
      hasIpsecKey: textAt(entry, 'ipsecpsk') ? 'yes' : 'no',
    },
    cert: words(entry, 'cert'),
    priv: words(entry, 'priv'),
  };
}

function texts(entry: ConfigTree, keys: string): Texts {
  const wanted = keys.split(' ');
  return Object.fromEntries(
    entriesAt(entry, '').flatMap(([key, value]): [string, string][] =>
      wanted.includes(key) && typeof value === 'string' ? [[key, value]] : [],
    ),
  );
}

/** Presence flags, empty where they are set. */
function flags(entry: ConfigTree, keys: string): Texts {
  return Object.fromEntries(keys.split(' ').flatMap((key) => (treeAt(entry, key) === undefined ? [] : [[key, '']])));
}

/** A list of texts, also where the configuration has one text. */
function words(entry: ConfigTree, key: string): string[] {
  const found = treeAt(entry, key) ?? '';
  return (isList(found) ? found : [found]).flatMap((item) => (typeof item === 'string' && item !== '' ? [item] : []));
}
