import fc from 'fast-check';
import { expect, test } from 'vitest';
import { outgoingText, outgoingValue } from '../../src/core/outlet.ts';

test('an invisible character does not hide a secret', () => {
  expect(outgoingText('pass\u200bword=hunter2hunter2')).not.toContain('hunter2');
  expect(outgoingText('password=hunter2\u202ehunter2')).not.toContain('hunter2');
  expect(JSON.stringify(outgoingValue({ note: '-----BEGIN PRIVATE\u2060 KEY-----\nMIIEabc' }))).not.toContain(
    'MIIEabc',
  );
});

test('a secret is taken out before its text is cut', () => {
  expect(outgoingText(`${'x'.repeat(90)} password=hunter2hunter2`, 105)).not.toContain('hunter');
});

test('passing twice changes nothing more', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const once = outgoingText(text);
      expect(outgoingText(once)).toBe(once);
    }),
  );
});
