/** Elements of config.xml that hold a secret wherever they stand: pfSense's own list for status output, and what it misses. */
export const SECRET_NAMES: ReadonlySet<string> = new Set(
  `accountkey authorizedkeys auth_pass auth_server_shared_secret auth_server_shared_secret2 auth_user
   backwardsyncpassword barnyard_dbpwd bcrypt-hash cert_key community crypto_password crypto_password2 ddnsdomainkey
   encryption_password etpro_code etprocode gold_encryption_password gold_password influx_pass ipsecpsk keydata
   ldap_bindpw ldapbindpass ldap_pass lighttpd_ls_password maxmind_key maxmind_account md5-hash md5password md5sigkey
   md5sigpass nt-hash oinkcode oinkmastercode pass passphrase password passwordagain pkcs11pin postgresqlpasswordenc
   pre-shared-key presharedkey private-key privatekey proxypass proxy_passwd proxyuser proxy_user prv radmac_secret
   radius_secret redis_password redis_passwordagain rocommunity rwcommunity secret secret2 securiteinfo_id
   serverauthkey sha512-hash shared_key simpin stats_password tls tlspskidentity tlspskfile tlspskvalue token
   access_key trapstring webrootftppassword apikey userkey device_key omapi_key new_password wpa_eap_inner_password
   adv_dhcp6_key_info_statement_secret webhook webhook_url custom_options communityname`.split(/\s+/),
);

/** Settings that end like a secret and are none: what passes, and how something is spread. */
const INNOCENT =
  '(?:[a-z0-9_-]{0,60}bypass|(?:use|(?:no)?logdefault|act|default_|(?:in|out)(?:bytes|pkts)?)pass6?|compass|source-hash|sha256_hash)';

/** Endings that make any name that of a secret, such as `varusersmotppin` or `dns_cf_key`. */
const ENDING =
  '(?:passw(?:or)?d|passphrase|passcode|pass|secret|psk|pw|pwd|pswd|creds|authdata|hmac|_key|apikey|authkey|accesskey|secretkey|privatekey|private-key|presharedkey|token|pin|[-_]hash|passwordhash|webhook(?:_?url)?)(?:_?(?:[0-9]{1,2}|again|confirm|enc|fld))?';

/**
 * A name, in small letters, that secrets are kept under. ACME keeps the credentials of DNS providers under names that
 * begin with dns_. Read by PHP as well, so it is a text that both kinds of expression understand.
 */
export const SECRET_NAME = `^(?!${INNOCENT}$)(?:[\\s\\S]*${ENDING}|dns_[\\s\\S]*(?:key|pw|pwd|pass|id|_[acs][ks]))$`;

const SECRET_NAME_EXPRESSION = new RegExp(SECRET_NAME);

/** Is this name (of an element or field, in any case) one that secrets are kept under? */
export function isSecretName(name: string): boolean {
  const lower = name.toLowerCase();
  return SECRET_NAMES.has(lower) || SECRET_NAME_EXPRESSION.test(lower);
}

/** Names whose values are random and public: certificates, public keys, identifiers. */
const PUBLIC_NAME =
  /(?:^|[-_])(?:crt|uuid|guid|refid|caref|certref|crlref|duid|uniqid|fingerprint|sha256)$|pub(?:lic)?[-_]?key$/;

/** A name (of an element or field) whose values look like keys and are meant to be seen. */
export function isPublicName(name: string): boolean {
  return PUBLIC_NAME.test(name);
}
