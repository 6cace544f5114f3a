import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pseudonym } from '../../src/core/pseudonym.ts';
import { refuseStandIns } from '../../src/server/stand-ins.ts';

test('a stand-in is refused wherever it stands, and its argument is named', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.constantFrom('psk', 'pre-shared-key', 'value'), (before, after, kind) => {
      const text = `${before}${pseudonym(kind, 'a secret')}${after}`;
      expect(() => refuseStandIns({ text })).toThrow(/^text: /);
      expect(() => refuseStandIns({ filter: { names: ['x', text] } })).toThrow(/^filter: /);
    }),
  );
});

test('retyped ones are refused as well, others pass', () => {
  expect(() => refuseStandIns({ text: '‹psk:3f9a›' })).toThrow(expect.objectContaining({ code: 'bad_input' }));
  expect(() => refuseStandIns({ '‹psk:3f9a01›': 'x' })).toThrow(expect.objectContaining({ code: 'bad_input' }));
  for (const text of ['', 'psk:3f9a', '‹quoted›', '‹so: it is said›', '2001:db8::1'])
    expect(() => refuseStandIns({ text, limit: 3, list: [text, null] })).not.toThrow();
  expect(() => refuseStandIns(undefined)).not.toThrow();
});
