import { createHmac, randomBytes } from 'node:crypto';

/** New with each process: pseudonyms can be compared within a session, and say nothing outside of it. */
const KEY = randomBytes(32).toString('hex');

/** The stand-in for a secret: equal secrets get equal ones, the value cannot be found from it. */
export function pseudonym(kind: string, secret: string): string {
  return `‹${kind}:${createHmac('sha256', KEY).update(secret).digest('hex').slice(0, 6)}›`;
}

/** For snippets that replace secrets before they leave the firewall: with this key their pseudonyms equal ours. */
export function pseudonymKey(): string {
  return KEY;
}

const NAMES =
  'pass(?:word|wd|phrase)?|secret|token|api[-_]?key|private[-_]?key|pre[-_]?shared[-_]?key|psk|shared[-_]?key|auth[-_]?pass|bindpw|community|authorization|cookie';

interface Pattern {
  readonly kind: string;
  /** Group 1 is kept, group 2 is the secret, group 3 is kept. */
  readonly expression: RegExp;
}

/** Known shapes of secrets. Quantifiers are bounded or cannot overlap, so matching stays linear. */
const PATTERNS: readonly Pattern[] = [
  {
    kind: 'pem',
    expression:
      /()(-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]{0,20000}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$))()/g,
  },
  {
    kind: 'static-key',
    expression: /()(-----BEGIN OpenVPN Static key V1-----[\s\S]{0,20000}?(?:-----END OpenVPN Static key V1-----|$))()/g,
  },
  // base64 of "-----BEGIN ": certificates' private keys as config.xml stores them.
  { kind: 'base64-pem', expression: /()(\bLS0tLS1CRUdJTi[A-Za-z0-9+/=]{20,})()/g },
  { kind: 'hash', expression: /()(\$(?:2[abxy]?|1|5|6|argon2i?d?)\$[^\s"'<>]{8,200})()/g },
  {
    kind: 'xml',
    expression: new RegExp(
      `(<[a-z_-]{0,40}(?:${NAMES}|prv|bcrypt-hash|sha512-hash)[a-z_-]{0,40}>)([^<‹]{1,20000})(<)`,
      'gi',
    ),
  },
  { kind: 'url', expression: /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@'"<>]{1,100}:)([^\s/@'"<>‹]{1,200})(@)/gi },
  { kind: 'bearer', expression: /(\b(?:Bearer|Basic) )([A-Za-z0-9._~+/=-]{8,2000})()/gi },
  {
    kind: 'token',
    expression:
      /()(\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|xox[abprs]-[A-Za-z0-9-]{10,250}|AKIA[A-Z0-9]{16}|eyJ[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{5,2000}\.[A-Za-z0-9_-]{5,2000}))()/g,
  },
  {
    kind: 'value',
    expression: new RegExp(
      `(?<!‹[a-z_-]{0,40})(["']?\\b[a-z_-]{0,30}(?:${NAMES})[a-z_-]{0,20}["']?\\s{0,3}[=:]\\s{0,3}["']?)([^\\s"'&,;<>‹]{3,500})()`,
      'gi',
    ),
  },
];

/** Replaces everything in a text that looks like a secret. Doing it twice changes nothing more. */
export function redactText(text: string): string {
  return PATTERNS.reduce(
    (rest, { kind, expression }) =>
      rest.replace(
        expression,
        (_match, before: string, secret: string, after: string) => before + pseudonym(kind, secret) + after,
      ),
    text,
  );
}

const SECRET_NAME = new RegExp(`(?:${NAMES})$`, 'i');

/** The same for every string in a JSON value; a string under a secret's name is a secret whatever it looks like. */
export function redactValue(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return redactNamed(value, name);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactValue(item, key)]));
}

function redactNamed(value: string, name: string): string {
  if (value !== '' && SECRET_NAME.test(name) && !value.startsWith('‹')) return pseudonym('value', value);
  return redactText(value);
}
