import { SECRET_NAMES } from './secret-names.ts';

/** A form in which secrets appear in texts. Group 1 is kept, group 2 is the secret, group 3 is kept. */
export interface SecretShape {
  readonly kind: string;
  readonly expression: RegExp;
}

/** Parts of names that announce a secret. `pass` counts only behind something else: rules and packets pass, too. */
const CORE =
  'passw(?:or)?d|passphrase|passcode|secret|token|psk|bindpw|_pwd?|pwd|pswd|creds|authdata|(?<=[a-z0-9])pw|(?:api|access|auth|device|encryption|license|master|omapi|private|pre[-_]?shared|shared|user|account)[-_]?key|auth[-_]?pass|(?<=[a-z0-9][_-]?)(?<!by|com)pass|authorization|cookie|community|trapstring|oink(?:master)?code|webhook(?:[-_]?url)?';
const ENDING = '(?:[-_]?(?:[0-9]{1,2}|again|confirm|enc|fld[0-9]?|hash|value))?';
/** From the start of a name on, and not within a stand-in that an earlier run has put there. */
const NAME = `(?<![a-z0-9_.‹-])[a-z0-9_.-]{0,80}(?:${CORE})${ENDING}`;
const EQUALS = '[ \\t]{0,3}(?:=>|[=:]|%3d)[ \\t]{0,3}';
const WORD = '[^\\s"\'&,;<>‹]{1,2000}';

/** What a text says about passwords without telling one: `Failed password for root`. */
const PROSE = `(?!(?:${'a again already an and are as associated at attempts? auth authentication authenticator based because been before below but by can cannot change[ds]? characters? check could did do does element entered entry expire[ds]? failed failure fields? file for from generator had has hash(?:es|ing)? have hint if in incorrect instead is it length login longer manager may must new not of on only or option page policy prompt protect(?:ed|ion)? represent required requirements? reset rules security set should specified strength that the then there to too update[ds]? using via was were when which while will with without you your'.replaceAll(' ', '|')})(?![A-Za-z0-9_-]))`;

const shape = (kind: string, source: string): SecretShape => ({ kind, expression: new RegExp(source, 'gi') });
const exact = (kind: string, source: string): SecretShape => ({ kind, expression: new RegExp(source, 'g') });

const TAG = `<(?:${[...SECRET_NAMES].join('|')}|[a-z0-9_.-]{0,40}(?:${CORE})${ENDING})(?:\\s[^<>]{0,200})?>\\s{0,20}`;

/** What may stand between the first and the last line; a key that was cut ends where this does. */
const PEM_BODY = '(?:[A-Za-z0-9+/=\\s\\\\:,.]|-(?!----)){0,20000}';

/**
 * Known shapes, the specific before the general. Quantifiers are bounded or cannot overlap, so that matching takes
 * linear time whatever the text is.
 */
export const SECRET_SHAPES: readonly SecretShape[] = [
  exact(
    'pem',
    `()(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----${PEM_BODY}(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----)?)()`,
  ),
  exact(
    'static-key',
    `()(-----BEGIN OpenVPN (?:Static key V1|tls-crypt-v2 (?:client|server) key)-----${PEM_BODY}(?:-----END OpenVPN [A-Za-z0-9 -]{1,40}-----)?)()`,
  ),
  exact(
    'hash',
    '()(\\$(?:2[abxy]?|[156y7]|gy|apr1|sha1|argon2(?:id|i|d)|pbkdf2[a-z0-9-]{0,10}|scrypt)\\$[^\\s"\'<>‹]{8,300})()',
  ),
  exact('hash', '()(\\{(?:S?SHA[0-9]{0,3}|S?MD5|CRYPT|PBKDF2[A-Z0-9-]{0,10})\\}[A-Za-z0-9+/=.$]{8,300})()'),
  shape('xml', `(${TAG}<!\\[CDATA\\[)((?!‹)(?:[^\\]<]|\\](?!\\]>)|<(?!!\\[CDATA)){1,200000})()`),
  shape('xml', `(${TAG})([^<‹\\s][^<‹]*)()`),
  shape(
    'url',
    '(\\b[a-z][a-z0-9+.-]{1,20}://(?:[^\\s/:@\'"<>‹]|‹[a-z0-9_.:-]{1,40}›){0,100}:)([^\\s/"\'<>‹]{1,200})(@)',
  ),
  shape('url', '(\\b[a-z][a-z0-9+.-]{1,20}://)([^\\s/:@\'"<>‹]{16,200})(@)'),
  shape('url', '(\\bhooks\\.slack\\.com/(?:services|workflows|triggers)/)([^\\s"\'<>‹]{8,300})()'),
  shape(
    'url',
    '(\\b(?:discord(?:app)?\\.com|[a-z0-9.-]{1,60}\\.webhook\\.office\\.com)/(?:api/)?webhook(?:s|b2)/)([^\\s"\'<>‹]{8,400})()',
  ),
  shape(
    'url',
    '([?&;](?:[a-z0-9_.-]{0,30}(?:key|token|secret|passw(?:or)?d|pwd?|auth|sig|signature|code|hash|license)|k|t|p)=)([^\\s&;"\'<>‹#]{3,500})()',
  ),
  shape(
    'bearer',
    '(\\b(?:Bearer|Basic|Digest|Token|Negotiate) )(?=[^\\s"\']{0,2000}[0-9._~+/=-])([A-Za-z0-9._~+/=-]{8,2000})()',
  ),
  exact(
    'token',
    '()(\\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255}|glpat-[A-Za-z0-9_-]{16,64}|xox[abeprs]-[A-Za-z0-9-]{10,250}|xapp-[A-Za-z0-9-]{10,250}|A(?:KI|SI)A[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{35}|[sr]k_(?:live|test)_[A-Za-z0-9]{10,100}|sk-[A-Za-z0-9_-]{20,200}|SG\\.[A-Za-z0-9_-]{16,64}\\.[A-Za-z0-9_-]{16,64}|tskey-[A-Za-z0-9-]{10,100}|hvs\\.[A-Za-z0-9_-]{20,200}|dop_v1_[a-f0-9]{32,80}|npm_[A-Za-z0-9]{30,60}|AGE-SECRET-KEY-1[A-Z0-9]{40,70}|eyJ[A-Za-z0-9_-]{10,2000}\\.[A-Za-z0-9_-]{5,2000}\\.[A-Za-z0-9_-]{5,2000}))()',
  ),
  // Bots of Telegram.
  exact('token', '()((?<![0-9])[0-9]{8,10}:[A-Za-z0-9_-]{34,36})()'),
  shape('value', `(["']?${NAME}["']?${EQUALS}")((?!‹)(?:[^"\\\\‹]|\\\\.){1,2000})()`),
  shape('value', `(["']?${NAME}["']?${EQUALS}')((?!‹)(?:[^'\\\\‹]|\\\\.){1,2000})()`),
  // In JSON within JSON the quotes are escaped.
  shape('value', `(${NAME}\\\\"${EQUALS}\\\\")((?!‹)[^"\\\\‹]{1,2000})()`),
  shape('value', `(["']?${NAME}["']?${EQUALS})(${WORD})()`),
  shape('value', `(\\s--?[a-z-]{0,30}(?:${CORE})${ENDING}\\s{1,3})((?!-)${WORD})()`),
  shape('value', `(\\b(?:r[ow]community6?|trapcommunity|requirepass|md5sigkey)[ \\t]{1,8}"?)((?!‹)[^\\s"‹]{3,200})()`),
  shape('value', `(:\\s{0,3}(?:PSK|XAUTH|EAP|RSA|PIN)\\s{1,3}")([^"‹]{1,500})()`),
  shape('value', `(\\bpassword[ \\t]{1,8}")((?!‹)[^"‹\\n]{1,500})()`),
  // FRR, HAProxy, mpd: a keyword and a word behind it. The digit tells how FRR has written it.
  shape(
    'value',
    `((?<![a-z0-9_.])[a-z-]{0,30}password[ \\t]{1,8}(?:[0-9][ \\t]{1,8})?["']?)(?!‹|[0-9][ \\t]{1,8}‹)${PROSE}([^\\s"'<>‹]{1,200})()`,
  ),
  shape(
    'value',
    `((?<![a-z0-9_.-])(?:message-digest-key[ \\t]{1,8}[0-9]{1,3}[ \\t]{1,8}md5|authentication-key|key-string|area-password[ \\t]{1,8}(?:clear|md5)|domain-password[ \\t]{1,8}(?:clear|md5))[ \\t]{1,8}"?)((?!‹)[^\\s"‹]{1,200})()`,
  ),
  // BIND.
  shape('value', `(\\bsecret[ \\t]{1,8}")((?!‹)[^"‹]{1,500})()`),
  // HAProxy.
  shape('value', `(\\bstats[ \\t]{1,8}auth[ \\t]{1,8}[^\\s:‹]{1,100}:)((?!‹)[^\\s"'<>‹]{1,200})()`),
  // curl, wget and their like.
  exact(
    'value',
    `((?<![^\\s"'=])(?:-[A-Za-z]{0,4}[uU][ \\t]{0,3}|--(?:proxy-)?user(?:[ \\t]{1,3}|=))["']?[^\\s:"'<>‹/]{0,100}:)((?!‹)(?:(?<=["'][^\\s:"'<>‹/]{0,100}:)[^"'‹]{1,200}|[^\\s"'<>‹]{1,200}))()`,
  ),
];
