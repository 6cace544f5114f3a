import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Spot, spotOf } from '../../../src/changes/kinds/object/order.ts';

const then = ['a', 'b', 'c', 'd'];
const CASES: readonly (readonly [now: string[], key: string, spot: Spot])[] = [
  [['a', 'b', 'c', 'd'], 'c', 'stay'],
  [['a', 'new', 'c', 'other', 'd'], 'c', 'stay'],
  [['a', 'b', 'new', 'd'], 'c', { after: 'b' }],
  [['a', 'new', 'd'], 'c', { after: 'a' }],
  [['new', 'd'], 'c', { before: 'd' }],
  [['c', 'a', 'b'], 'c', { after: 'b' }],
  [['b', 'a'], 'a', { before: 'b' }],
  [['new'], 'c', 'end'],
  [['new', 'c'], 'c', 'stay'],
];

test.each(CASES)('among %j, %s belongs', (now, key, spot) => {
  expect(spotOf(then, now, key)).toEqual(spot);
});

test('what was put where it belongs, belongs there', () => {
  const names = fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e', 'f']);
  fc.assert(
    fc.property(names, names, (old, now) => {
      const [key = 'a'] = old;
      const spot = spotOf(old, now, key);
      if (typeof spot === 'string') return;
      const rest = now.filter((one) => one !== key);
      const at = 'after' in spot ? rest.indexOf(spot.after) + 1 : rest.indexOf(spot.before);
      const placed = rest.toSpliced(at, 0, key);
      const again = spotOf(old, placed, key);
      const stays = again === 'stay' || JSON.stringify(again) === JSON.stringify(spot);
      expect(stays).toBe(true);
    }),
  );
});
