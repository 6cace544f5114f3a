import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asWritten, type Operation, operationsBetween } from '../../src/changes/operation.ts';
import { type ConfigTree, treeAt } from '../../src/config/model.ts';
import { withoutTree, withTree } from '../../src/config/update.ts';

const { tree: section } = fc.letrec<{ tree: ConfigTree; list: ConfigTree }>((tie) => ({
  tree: fc.dictionary(
    fc.constantFrom('alias', 'rule', 'filter', 'name', 'descr', 'x'),
    fc.oneof({ maxDepth: 3 }, fc.constantFrom('', 'a', 'b'), tie('tree'), tie('list')),
    { noNullPrototype: true },
  ),
  list: fc.array(tie('tree'), { maxLength: 3 }),
}));

function perform(base: ConfigTree, operations: readonly Operation[]): ConfigTree {
  return operations.reduce<ConfigTree>(
    (tree, { path, value }) => (value === undefined ? withoutTree(tree, path) : withTree(tree, path, value)),
    base,
  );
}

describe('operations', () => {
  test('lead from one configuration to the other and back', () => {
    fc.assert(
      fc.property(section, section, (base, candidate) => {
        const there = perform(base, operationsBetween(base, candidate));
        expect(asWritten(there)).toEqual(asWritten(candidate));
        expect(asWritten(perform(there, operationsBetween(candidate, base)))).toEqual(asWritten(base));
      }),
    );
  });

  test('are none between what reads back the same once it is written', () => {
    fc.assert(
      fc.property(section, (base) => {
        expect(operationsBetween(base, asWritten(base) ?? '')).toEqual([]);
      }),
    );
    expect(operationsBetween({ a: '' }, { a: { alias: [] } })).toEqual([]);
    expect(operationsBetween({ a: { alias: [{ name: 'x' }] } }, { a: { alias: [] } })).toEqual([
      { path: ['a', 'alias'] },
    ]);
  });

  test('are none between equals', () => {
    fc.assert(
      fc.property(section, (base) => {
        expect(operationsBetween(base, structuredClone(base))).toEqual([]);
      }),
    );
  });

  test('touch no path that is the same on both sides', () => {
    fc.assert(
      fc.property(section, section, (base, candidate) => {
        for (const { path } of operationsBetween(base, candidate)) {
          const at = path.join('/');
          expect(treeAt(base, at)).not.toEqual(treeAt(candidate, at));
        }
      }),
    );
  });
});
