import { decodedText } from './encoded.ts';
import { looksRandom } from './entropy.ts';
import { pseudonym } from './pseudonym.ts';

const MAX_LAYERS = 3;

/** Replaces every word that looks like chance, also within base64: it could be a key. */
export function redactRandom(text: string, layers = MAX_LAYERS): string {
  return text.replace(/(?<![‹A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{20,}={0,2}/g, (word) =>
    isRandom(word, layers) ? pseudonym('random', word) : word,
  );
}

function isRandom(word: string, layers: number): boolean {
  const decoded = decodedText(word);
  if (decoded === undefined) return looksRandom(word);
  return layers > 0 && redactRandom(decoded, layers - 1) !== decoded;
}
