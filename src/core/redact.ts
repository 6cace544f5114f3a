import { replaceEncoded } from './encoded.ts';
import { isPseudonym, pseudonym } from './pseudonym.ts';
import { redactRandom } from './random.ts';
import { isPublicName, isSecretName } from './secret-names.ts';
import { SECRET_SHAPES } from './secret-shapes.ts';

const MAX_LAYERS = 3;

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

/**
 * Fields of answers that hold identifiers: what looks like chance there is meant to be read and given back. Anywhere else
 * people and strangers write what they like, and what looks like chance could be a key.
 */
const IDENTIFIERS: ReadonlySet<string> = new Set(
  'cursor serial fingerprint id label labels tracker pubkey publicKey plan planId hash base revision transaction commit nonce'.split(
    ' ',
  ),
);

/** The same for every string and every name in a JSON value; a string under a secret's name is a secret whatever it looks like. */
export function redactValue(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return redactNamed(value, name);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [redactKey(key), redactValue(item, key)]));
}

/**
 * Arguments as they may be noted: what is to be written to a path is left out, as only the configuration can tell whether a
 * secret stands there.
 */
export function withoutPlacedValues(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlacedValues);
  if (typeof value !== 'object' || value === null) return value;
  const isPlaced = 'path' in value && 'value' in value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) =>
      isPlaced && key === 'value' ? [key, pseudonym('value', JSON.stringify(item))] : [key, withoutPlacedValues(item)],
    ),
  );
}

/** Names of our own fields are identifiers; others may be texts of the firewall. */
function redactKey(key: string): string {
  return /^\w{1,40}$/.test(key) ? key : redactRandom(redactText(key));
}

function redactNamed(value: string, name: string): string {
  // `accessToken` and `access-token` are the same name.
  const isSecret = isSecretName(name) || isSecretName(name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_'));
  if (isSecret && value !== '' && !isPseudonym(value)) return pseudonym('value', value);
  return IDENTIFIERS.has(name) || isPublicName(name) ? redactText(value) : redactRandom(redactText(value));
}
