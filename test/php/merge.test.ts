import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asWritten, operationsBetween } from '../../src/changes/operation.ts';
import type { ConfigTree } from '../../src/config/model.ts';

const LAB = new URL('../../fixtures/lab/root/etc/inc/', import.meta.url).pathname;
const MERGE = new URL('../../php-snippets/_runner/merge.php', import.meta.url).pathname;
const hasPhp = spawnSync('php', ['-v']).status === 0;

interface Case {
  readonly base: unknown;
  readonly operations: readonly { path: readonly string[]; value?: unknown }[];
  readonly current?: unknown;
}

/** Applies each case to `current` and takes it out of that again, in one PHP process. */
function merged(
  cases: readonly Case[],
): { applied: unknown; conflicts: string[]; reverted: unknown; left: string[] }[] {
  const program = `${readFileSync(MERGE, 'utf8').replace('<?php', '')}
    $done = [];
    foreach (json_decode(stream_get_contents(STDIN), true, 512) as $case) {
        [$applied, $conflicts] = McpMerge::apply($case['base'], $case['operations'], $case['current'] ?? $case['base']);
        [$reverted, $left] = McpMerge::revert($case['base'], $case['operations'], $applied);
        $done[] = ['applied' => $applied, 'conflicts' => $conflicts, 'reverted' => $reverted, 'left' => $left];
    }
    echo json_encode($done);`;
  return JSON.parse(execFileSync('php', ['-r', program], { input: JSON.stringify(cases), encoding: 'utf8' }));
}

/** Writes each candidate with the lab's writer, and looks at what reads back as a confirmation and an undoing would. */
function roundTrips(cases: readonly unknown[]): unknown[] {
  const program = `${readFileSync(MERGE, 'utf8').replace('<?php', '')}
    ini_set('include_path', '${LAB}');
    function lab_is(string $name): bool { return false; }
    require 'config.lib.inc';
    $file = tempnam(sys_get_temp_dir(), 'merge');
    $written = static function (array $tree) use ($file): array {
        file_put_contents($file, lab_xml_element('pfsense', $tree, ''));
        return parse_xml_config($file, 'pfsense');
    };
    $done = [];
    foreach (json_decode(stream_get_contents(STDIN), true, 512) as $case) {
        $there = $written($case['candidate']);
        [$merged, $conflicts] = McpMerge::apply($case['base'], $case['operations'], $there);
        [$reverted, $left] = McpMerge::revert($case['base'], $case['operations'], $there);
        $done[] = ['isConfirmable' => McpMerge::isSame($merged, $there), 'conflicts' => $conflicts,
            'isBaseAgain' => $written($reverted) == $case['base'], 'left' => $left];
    }
    unlink($file);
    echo json_encode($done);`;
  return JSON.parse(execFileSync('php', ['-r', program], { input: JSON.stringify(cases), encoding: 'utf8' }));
}

interface Item {
  readonly name: string;
  readonly v: string;
}
const item: fc.Arbitrary<Item> = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  v: fc.constantFrom('1', '2', '3'),
});
const items = fc.uniqueArray(item, { selector: ({ name }) => name, maxLength: 6, minLength: 1 });
const ours = (list: readonly Item[]) => ({ path: ['aliases', 'alias'], value: list });
const config = (list: unknown, rest: Record<string, unknown> = {}) => ({
  system: { hostname: 'fw' },
  aliases: { alias: list },
  ...rest,
});
const theirs = { name: 'theirs', v: '9' };

describe.runIf(hasPhp)('a change merged into what others wrote', () => {
  test('alone is the change, and taken out is the base', () => {
    const samples = fc.sample(fc.tuple(items, items), 400);
    const cases = samples.map(([base, next]) => ({ base: config(base), operations: [ours(next)] }));
    merged(cases).forEach(({ applied, conflicts, reverted, left }, index) => {
      expect({ applied, conflicts }).toEqual({ applied: config(samples[index]?.[1]), conflicts: [] });
      expect({ reverted, left }).toEqual({ reverted: config(samples[index]?.[0]), left: [] });
    });
  });

  test('keeps an object that others added, wherever it stands, both ways', () => {
    const samples = fc.sample(fc.tuple(items, items, fc.nat(6)), 400);
    const cases = samples.map(([base, next, at]) => ({
      base: config(base),
      operations: [ours(next)],
      current: config(base.toSpliced(at, 0, theirs)),
    }));
    merged(cases).forEach(({ applied, conflicts, reverted }, index) => {
      const [base, next] = samples[index] ?? [];
      const names = (tree: unknown): unknown[] => Object(tree).aliases.alias;
      expect(conflicts).toEqual([]);
      expect(names(applied)).toContainEqual(theirs);
      expect(names(applied).filter((one) => Object(one).name !== 'theirs')).toEqual(next);
      expect(names(reverted)).toContainEqual(theirs);
      expect(names(reverted).filter((one) => Object(one).name !== 'theirs')).toEqual(base);
    });
  });

  test('keeps sections that others wrote, and a deletion of theirs', () => {
    const base = config([
      { name: 'a', v: '1' },
      { name: 'b', v: '1' },
    ]);
    const current = config([{ name: 'a', v: '1' }], { wol: { x: '1' } });
    const next = [
      { name: 'a', v: '1' },
      { name: 'b', v: '1' },
      { name: 'c', v: '1' },
    ];
    const [result] = merged([{ base, operations: [ours(next)], current }]);
    expect(result).toMatchObject({
      applied: { aliases: { alias: [{ name: 'a' }, { name: 'c' }] }, wol: { x: '1' } },
      reverted: { aliases: { alias: [{ name: 'a' }] }, wol: { x: '1' } },
    });
  });

  test.each([
    [
      'a value',
      { path: ['system', 'hostname'], value: 'mine' },
      { system: { hostname: 'fw' } },
      { system: { hostname: 'x' } },
      'system/hostname',
    ],
    [
      'an object',
      ours([{ name: 'a', v: '2' }]),
      config([{ name: 'a', v: '1' }]),
      config([{ name: 'a', v: '3' }]),
      'aliases/alias/name=a',
    ],
    [
      'a deleted object',
      ours([]),
      config([{ name: 'a', v: '1' }]),
      config([{ name: 'a', v: '3' }]),
      'aliases/alias/name=a',
    ],
  ])('leaves %s alone that others changed as well, and names it', (_what, operation, base, current, place) => {
    const [result] = merged([{ base, operations: [operation], current }]);
    expect(result?.conflicts).toEqual([place]);
    expect(result?.applied).toEqual(current);
  });

  test('tells a flag that is there from one that is not', () => {
    const base = { r: { name: 'a' } };
    const [on] = merged([{ base, operations: [{ path: ['r', 'disabled'], value: '' }] }]);
    expect(on).toMatchObject({ applied: { r: { name: 'a', disabled: '' } }, reverted: { r: { name: 'a' } } });
    expect(Object.hasOwn(Object(on?.reverted).r, 'disabled')).toBe(false);
  });

  test('that empties lists is what reads back when it was written, and taken out again is the base', () => {
    const list = fc.array(item, { maxLength: 2 });
    const sections = fc.record(
      {
        aliases: fc.oneof(fc.constant(''), fc.record({ alias: list })),
        nat: fc.record({ rule: list, mode: fc.constantFrom('a', 'b'), outbound: fc.record({ rule: list }) }),
        system: fc.record({ user: list, hostname: fc.constant('fw') }),
      },
      { requiredKeys: ['system'] },
    );
    const tree = sections.map((one): ConfigTree => JSON.parse(JSON.stringify(one)));
    const samples = fc.sample(fc.tuple(tree, tree), 300).map(([base, candidate]) => ({
      base: asWritten(base),
      candidate,
      operations: operationsBetween(asWritten(base) ?? '', candidate),
    }));
    for (const found of roundTrips(samples)) {
      expect(found).toEqual({ isConfirmable: true, conflicts: [], isBaseAgain: true, left: [] });
    }
  });
});
