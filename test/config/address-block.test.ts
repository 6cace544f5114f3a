import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAddress } from '../../src/config/address.ts';
import { contains, networkOf, readBlock } from '../../src/config/address-block.ts';

const block = (text: string) => {
  const found = readBlock(text);
  if (found === undefined) throw new Error(text);
  return found;
};

test.each([
  ['10.0.0.0/8', '10.1.2.3', true],
  ['10.1.2.3', '10.1.2.3', true],
  ['10.1.2.3/24', '10.1.2.200', true],
  ['10.1.2.0/24', '10.1.0.0/16', false],
  ['10.0.0.0/8', '10.1.0.0/16', true],
  ['10.0.0.5-10.0.0.9', '10.0.0.7', true],
  ['10.0.0.5-10.0.0.9', '10.0.0.10', false],
  ['0.0.0.0/0', '255.255.255.255', true],
  ['0.0.0.0/0', '::1', false],
  ['2001:db8::/32', '2001:DB8:0:1::5', true],
  ['2001:db8::/127', '2001:db8::2', false],
  ['::ffff:10.1.2.3', '10.1.2.3', false],
])('%s holds %s: %s', (outer, inner, answer) => {
  expect(contains(block(outer), block(inner))).toBe(answer);
});

test.each([
  '',
  'host.example',
  '443',
  '80:90',
  '10.1.2',
  '010.1.2.3',
  '1.2.3.4/33',
  '1.2.3.4/',
  '::/129',
  '1.2.3.4/8/8',
  '9-1',
  '10.0.0.9-10.0.0.5',
  '::1-10.0.0.1',
])('%j is neither an address nor a network', (text) => {
  expect(readBlock(text)).toBeUndefined();
  expect(networkOf(text)).toBeUndefined();
});

test('a network holds exactly the addresses that share its prefix', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const address = fc.tuple(byte, byte, byte, byte);
  const value = (bytes: readonly number[]): number => bytes.reduce((sum, next) => sum * 256 + next, 0);
  fc.assert(
    fc.property(address, address, fc.integer({ min: 0, max: 32 }), (network, other, length) => {
      const size = 2 ** (32 - length);
      const wanted = Math.floor(value(network) / size) === Math.floor(value(other) / size);
      expect(contains(block(`${network.join('.')}/${length}`), block(other.join('.')))).toBe(wanted);
    }),
  );
});

test('no text makes the reader fail', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(typeof isAddress(text)).toBe('boolean');
      expect(() => [readBlock(text), networkOf(text)]).not.toThrow();
    }),
  );
});
