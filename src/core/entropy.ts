const MIN_BITS = 3;

/**
 * Does a word look drawn by lot, as keys and tokens are? Long hexadecimal numbers do, and long mixtures of letters and
 * digits; names, paths and plain numbers do not.
 */
export function looksRandom(word: string): boolean {
  const isHexadecimal = /^(?:[0-9a-f]{32,}|[0-9A-F]{32,})$/.test(word) && /[a-f]/i.test(word);
  return bitsPerCharacter(word) >= MIN_BITS && (isHexadecimal || word.split(/[/_=-]+/).some(isMixture));
}

/** One part between separators; the words of a camel-case name change their kind of letter more rarely. */
function isMixture(part: string): boolean {
  if (!/[0-9]/.test(part) || !/[A-Za-z]/.test(part)) return false;
  const hasBothCases = /[a-z]/.test(part) && /[A-Z]/.test(part);
  return part.length >= (hasBothCases ? 12 : 20) && changes(part) >= part.length * (hasBothCases ? 0.4 : 0.2);
}

/** How often the kind of character (capital, small letter, digit, other) changes along a word. */
function changes(word: string): number {
  const kinds = Array.from(word, kindOf);
  return kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
}

function kindOf(character: string): string {
  if (/[a-z]/.test(character)) return 'small';
  if (/[A-Z]/.test(character)) return 'capital';
  return /[0-9]/.test(character) ? 'digit' : 'other';
}

/** Shannon's entropy of a word by its own letters. */
function bitsPerCharacter(word: string): number {
  const counts = new Map<string, number>();
  for (const character of word) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / word.length) * Math.log2(count / word.length), 0);
}
