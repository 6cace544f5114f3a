import { decodedText } from './encoded.ts';
import { looksRandom } from './entropy.ts';
import { pseudonym } from './pseudonym.ts';

const MAX_LAYERS = 3;

/** What stands before a word that is random and public: the fingerprint of a host key, the number of a certificate. */
const PUBLIC_BEFORE =
  /\b(?:SHA-?(?:1|256|384|512)|MD5|fingerprint|serial(?: number)?|uuid|refid)(?:[ \t]{0,2}[:=#][ \t]{0,2}|[ \t]{1,2})["'(]?$/i;
const PUBLIC_BEFORE_CHARS = 32;

/** Replaces every word that looks like chance, also within base64: it could be a key. */
export function redactRandom(text: string, layers = MAX_LAYERS): string {
  return text.replace(/(?<![‹A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{20,}={0,2}/g, (word, offset: number) =>
    isRandom(word, layers) && !PUBLIC_BEFORE.test(text.slice(Math.max(0, offset - PUBLIC_BEFORE_CHARS), offset))
      ? pseudonym('random', word)
      : word,
  );
}

function isRandom(word: string, layers: number): boolean {
  const decoded = decodedText(word);
  if (decoded === undefined) return looksRandom(word);
  return layers > 0 && redactRandom(decoded, layers - 1) !== decoded;
}
