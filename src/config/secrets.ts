import { pseudonym, redactText } from '../core/redact.ts';
import { type ConfigTree, isList } from './model.ts';

/** Elements that hold a secret wherever they stand (pfSense's own list for status output, and what it misses). */
export const SECRET_TAGS: ReadonlySet<string> = new Set(
  `accountkey authorizedkeys auth_pass auth_server_shared_secret auth_server_shared_secret2 auth_user backwardsyncpassword
   barnyard_dbpwd bcrypt-hash cert_key community crypto_password crypto_password2 ddnsdomainkey encryption_password
   etpro_code etprocode influx_pass ipsecpsk keydata ldap_bindpw ldapbindpass ldap_pass lighttpd_ls_password
   maxmind_key maxmind_account md5-hash md5password md5sigkey md5sigpass nt-hash oinkcode oinkmastercode pass passphrase
   password passwordagain pkcs11pin postgresqlpasswordenc pre-shared-key presharedkey private-key privatekey proxypass
   proxy_passwd prv radmac_secret radius_secret redis_password rocommunity rwcommunity secret secret2 serverauthkey
   sha512-hash shared_key simpin stats_password tls tlspskidentity tlspskfile tlspskvalue token access_key trapstring
   webrootftppassword apikey userkey device_key omapi_key new_password wpa_eap_inner_password
   adv_dhcp6_key_info_statement_secret webhook custom_options`.split(/\s+/),
);

/** Secrets by their place, where the name alone says too little. `*` stands for one name or index. */
const SECRET_PATHS: readonly string[] = [
  'notifications/slack/api',
  'notifications/telegram/api',
  'pppoes/pppoe/*/username',
  'dyndnses/dyndns/*/updateurl',
  'system/gitsync/repositoryurl',
];

/** Is what stands at this path (lower-case names and indexes) a secret? */
export function isSecretPath(path: readonly string[]): boolean {
  const name = path.findLast((part) => !/^\d+$/.test(part)) ?? '';
  if (SECRET_TAGS.has(name) || /(?:password|passwd|passphrase|secret|_key|apikey|token|pin)$/.test(name)) return true;
  return SECRET_PATHS.some((pattern) => matches(pattern.split('/'), path));
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  return pattern.length === path.length && pattern.every((part, index) => part === '*' || part === path[index]);
}

/** The tree with every secret replaced by a pseudonym that shows equality and nothing else. */
export function redactTree(tree: ConfigTree, path: readonly string[] = []): ConfigTree {
  if (typeof tree === 'string') return redactLeaf(tree, path);
  if (isList(tree)) return tree.map((item, index) => redactTree(item, [...path, String(index)]));
  return Object.fromEntries(Object.entries(tree).map(([name, child]) => [name, redactTree(child, [...path, name])]));
}

/** Replaced on the firewall already. */
const PSEUDONYM = /^‹[a-z0-9_-]{1,40}:[0-9a-f]{6}›$/;

function redactLeaf(text: string, path: readonly string[]): string {
  if (text === '' || PSEUDONYM.test(text)) return text;
  return isSecretPath(path)
    ? pseudonym(path.findLast((part) => !/^\d+$/.test(part)) ?? 'secret', text)
    : redactText(text);
}
