import { createHmac, randomBytes } from 'node:crypto';
import { replaceEncoded } from './encoded.ts';
import { isSecretName } from './secret-names.ts';
import { SECRET_SHAPES } from './secret-shapes.ts';

/** New with each process: pseudonyms can be compared within a session, and say nothing outside of it. */
const KEY = randomBytes(32).toString('hex');
const MAX_LAYERS = 3;

/** The stand-in for a secret: equal secrets get equal ones, the value cannot be found from it. */
export function pseudonym(kind: string, secret: string): string {
  return `‹${kind}:${createHmac('sha256', KEY).update(secret).digest('hex').slice(0, 6)}›`;
}

/** Is a whole text such a stand-in, made here or on the firewall? */
export function isPseudonym(text: string): boolean {
  return /^‹[a-z0-9_.:-]{1,40}:[0-9a-f]{6}›$/.test(text);
}

/** For snippets that replace secrets before they leave the firewall: with this key their pseudonyms equal ours. */
export function pseudonymKey(): string {
  return KEY;
}

/** Replaces everything in a text that looks like a secret, plain or in base64. Doing it twice changes nothing more. */
export function redactText(text: string): string {
  return redactLayer(text, MAX_LAYERS);
}

function redactLayer(text: string, layers: number): string {
  const plain = SECRET_SHAPES.reduce(
    (rest, { kind, expression }) =>
      rest.replace(
        expression,
        (_match, before: string, secret: string, after: string) => before + pseudonym(kind, secret) + after,
      ),
    text,
  );
  if (layers === 0) return plain;
  return replaceEncoded(plain, (decoded, run) =>
    redactLayer(decoded, layers - 1) === decoded ? undefined : pseudonym('base64', run),
  );
}

/** The same for every string and every name in a JSON value; a string under a secret's name is a secret whatever it looks like. */
export function redactValue(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return redactNamed(value, name);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [redactKey(key), redactValue(item, key)]));
}

/** Names of our own fields are identifiers; others may be texts of the firewall. */
function redactKey(key: string): string {
  return /^\w{1,40}$/.test(key) ? key : redactText(key);
}

function redactNamed(value: string, name: string): string {
  // `accessToken` and `access-token` are the same name.
  const isSecret = isSecretName(name) || isSecretName(name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_'));
  if (isSecret && value !== '' && !isPseudonym(value)) return pseudonym('value', value);
  return redactText(value);
}
