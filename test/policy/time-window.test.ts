import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWithin } from '../../src/policy/time-window.ts';

/** 2026-11-27 was a Friday. */
const at = (text: string): number => Date.parse(text);
const utc = { timeZone: 'Etc/UTC' };

describe('a time window', () => {
  const night = { days: ['fri' as const], from: '22:00', to: '04:00', ...utc };

  test.each([
    ['2026-11-27T21:59:59Z', false],
    ['2026-11-27T22:00:00Z', true],
    ['2026-11-28T03:59:59Z', true],
    ['2026-11-28T04:00:00Z', false],
    ['2026-11-28T23:00:00Z', false],
    // The night before it.
    ['2026-11-27T03:00:00Z', false],
  ])('over midnight belongs to the day on which it begins: %s', (time, expected) => {
    expect(isWithin(night, at(time))).toBe(expected);
  });

  test('is in the time zone that it names, summer time included', () => {
    const morning = { from: '02:00', to: '03:00', timeZone: 'Europe/Berlin' };
    expect(isWithin(morning, at('2026-01-10T01:30:00Z'))).toBe(true);
    expect(isWithin(morning, at('2026-07-10T01:30:00Z'))).toBe(false);
    expect(isWithin(morning, at('2026-07-10T00:30:00Z'))).toBe(true);
  });

  test('that ends when it begins is the whole day', () => {
    for (const hour of ['00:00', '08:00', '23:59'])
      expect(isWithin({ from: hour, to: hour, ...utc }, at('2026-11-27T12:00:00Z'))).toBe(true);
  });

  test('and its counterpart share no minute and leave none out', () => {
    const clock = fc.nat(1439).map((minute) => new Date(minute * 60_000).toISOString().slice(11, 16));
    fc.assert(
      fc.property(clock, clock, fc.nat(10_079), (from, to, minute) => {
        fc.pre(from !== to);
        const now = at('2026-11-23T00:00:00Z') + minute * 60_000;
        expect(isWithin({ from, to, ...utc }, now)).toBe(!isWithin({ from: to, to: from, ...utc }, now));
      }),
    );
  });
});
