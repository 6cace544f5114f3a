import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitPage, pageFacts, pageOf, startOf } from '../../src/tools/page.ts';

test('following the cursor shows every row once, whatever their size and the limit', () => {
  const rows = fc.array(
    fc.nat({ max: 12_000 }).map((size) => 'x'.repeat(size)),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 50 }), (items, limit) => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const request = { limit, cursor };
        const { part, facts } = pageOf(items, request);
        const page = fitPage(part, facts, startOf(request));
        seen.push(...page.rows);
        expect(page.facts).toMatchObject({ total: items.length, shown: page.rows.length });
        cursor = page.facts.cursor;
      } while (cursor !== undefined);
      expect(seen).toEqual(items);
    }),
  );
});

test('one row that is too large alone is shown nevertheless', () => {
  const { rows } = fitPage(['x'.repeat(30_000), 'y'], pageFacts(0, 2, 2), 0);
  expect(rows).toHaveLength(1);
});
