import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText } from '../../src/core/untrusted.ts';

test.each([
  ['terminal sequences', 'a\u001b[31mred\u001b[0m\u001b]0;title\u0007b', 'aredb'],
  ['controls', 'a\u0000\u0007\rb\tc', 'ab\tc'],
  ['bidi marks', 'a\u202e\u2066b\u200fc', 'abc'],
  ['zero-width characters', 'a\u200b\u200d\ufeffb', 'ab'],
  ['tag characters', 'a\u{e0041}\u{e0042}b', 'ab'],
  ['separators that end lines', 'a\u2028b\u2029c', 'abc'],
  ['half of a pair', 'a\ud800b', 'ab'],
  ['nothing from ordinary text', 'Größe 🙂 日本', 'Größe 🙂 日本'],
])('cleaning takes out %s', (_name, text, clean) => {
  expect(cleanText(text)).toBe(clean);
});

test('a long text is cut and says by how much', () => {
  expect(cleanText('a'.repeat(30), 10)).toBe(`${'a'.repeat(10)}… (20 more characters)`);
});

test('no text keeps a character that a terminal or a reader could stumble over', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(cleanText(text)).not.toMatch(
        /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f]/,
      );
    }),
  );
});

test('cleaning twice changes nothing more', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(cleanText(cleanText(text))).toBe(cleanText(text));
    }),
  );
});
