import { describe, expect, test } from 'vitest';
import {
  canonicalAddress,
  compareAddresses,
  isAddress,
  isInNetwork,
  isInRange,
  unmapped,
} from '../../src/config/address.ts';

describe('addresses', () => {
  test('an IPv4 address within an IPv6 one is that IPv4 address', () => {
    expect(unmapped('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(unmapped('::FFFF:c000:201')).toBe('192.0.2.1');
    for (const text of ['192.0.2.1', '2001:db8::1', '::1', 'host', '']) expect(unmapped(text)).toBe(text);
  });

  test.each([
    ['192.168.1.1', true],
    ['2001:db8::1', true],
    ['fe80::1%igb0', true],
    ['10.1', false],
    ['0x7f.0.0.1', false],
    ['1.2.3.4/8', false],
    ['host', false],
    ['', false],
  ])('%s', (text, expected) => {
    expect(isAddress(text)).toBe(expected);
  });

  test('are equal in any spelling', () => {
    expect(canonicalAddress('2001:DB8:0:0::1')).toBe('2001:db8::1');
  });

  test('are in a network of their family only', () => {
    expect(isInNetwork('10.0.0.5', '10.0.0.0/24')).toBe(true);
    expect(isInNetwork('10.0.0.5', '10.0.0.5')).toBe(true);
    expect(isInNetwork('10.0.1.5', '10.0.0.0/24')).toBe(false);
    expect(isInNetwork('2001:db8::5', '2001:db8::/64')).toBe(true);
    expect(isInNetwork('10.0.0.5', '::/0')).toBe(false);
    expect(isInNetwork('10.0.0.5', '10.0.0.0/99')).toBe(false);
  });

  test('are in a range with both ends', () => {
    expect(isInRange('10.0.0.100', '10.0.0.100', '10.0.0.199')).toBe(true);
    expect(isInRange('10.0.0.200', '10.0.0.100', '10.0.0.199')).toBe(false);
    expect(isInRange('2001:db8::5', '10.0.0.100', '10.0.0.199')).toBe(false);
  });

  test('are ordered by value', () => {
    const sorted = ['x', '2001:db8::1', '10.0.0.10', '10.0.0.9'].sort(compareAddresses);
    expect(sorted).toEqual(['10.0.0.9', '10.0.0.10', '2001:db8::1', 'x']);
  });
});
