import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { operationsBetween } from '../../src/changes/operation.ts';
import type { ConfigTree } from '../../src/config/model.ts';

const RUNNER = new URL('../../php-snippets/_runner/', import.meta.url).pathname;
const hasPhp = spawnSync('php', ['-v']).status === 0;
const sources = ['merge', 'trace'].map((name) => readFileSync(`${RUNNER}${name}.php`, 'utf8').replace('<?php', ''));

function php(body: string, input: unknown): unknown {
  const program = `${sources.join('')} $in = json_decode(stream_get_contents(STDIN), true); ${body}`;
  return JSON.parse(execFileSync('php', ['-r', program], { input: JSON.stringify(input), encoding: 'utf8' }));
}

/** Whether the marks of a change are in each of these configurations. */
function isIn(base: ConfigTree, candidate: ConfigTree, trees: readonly ConfigTree[]): unknown {
  const body = `$marks = McpTrace::of($in['base'], $in['operations']);
    echo json_encode(array_map(static fn (array $tree): bool => McpTrace::isIn($tree, $marks), $in['trees']));`;
  return php(body, { base, operations: operationsBetween(base, candidate), trees });
}

const alias = (name: string, address = '192.0.2.1') => ({ name, address });
const withAliases = (...list: ConfigTree[]): ConfigTree => ({ system: { hostname: 'fw' }, aliases: { alias: list } });

describe.runIf(hasPhp)('the trace of a change', () => {
  const base = withAliases(alias('a'), alias('b'));

  test('is in what it led to, whatever others added, and not in its base', () => {
    const candidate = withAliases(alias('a'), alias('b'), alias('c'));
    const beside = withAliases(alias('x'), alias('c'), alias('a'));
    expect(isIn(base, candidate, [candidate, beside, base])).toEqual([true, true, false]);
  });

  test('of what was taken away is lost when it is there again', () => {
    const candidate = withAliases(alias('b'));
    expect(isIn(base, candidate, [candidate, withAliases(alias('b'), alias('d')), base])).toEqual([true, true, false]);
  });

  test('of what was changed is lost when it has the old value, or a third', () => {
    const candidate = withAliases(alias('a', '192.0.2.9'), alias('b'));
    const third = withAliases(alias('a', '192.0.2.7'), alias('b'));
    expect(isIn(base, candidate, [candidate, base, third])).toEqual([true, false, false]);
  });

  test('of a field, a section and a mark that is only there or not', () => {
    const before = { system: { hostname: 'fw' } };
    const after = { system: { hostname: 'other', ssh: { enable: 'enabled' }, quiet: '' } };
    const half = { system: { hostname: 'other', ssh: { enable: 'enabled' } } };
    expect(isIn(before, after, [after, before, half])).toEqual([true, false, false]);
    expect(isIn(after, before, [before, after, half])).toEqual([true, false, false]);
  });

  test('holds nothing of what was changed', () => {
    const secret = {
      system: { password: 'correct horse' },
      list: { user: [{ name: 'joe', password: 'battery staple' }] },
    };
    const body = `echo json_encode(McpTrace::of($in['base'], $in['operations']));`;
    const marks = php(body, { base: {}, operations: operationsBetween({}, secret) });
    expect(JSON.stringify(marks)).not.toMatch(/horse|staple|joe/);
  });
});

describe.runIf(hasPhp)('who wrote over a revision', () => {
  const OURS = 1_700_000_100;
  const document = (time: number): string =>
    `<pfsense>\n\t<revision>\n\t\t<time>${time}</time>\n\t</revision>\n</pfsense>\n`;
  const sha = `hash('sha256', ${JSON.stringify(document(OURS)).replaceAll('$', '\\$')})`;

  /** `kept`: under the time that its writer had read, the time of the revision that it overwrote. */
  function blindWrite(kept: readonly (readonly [read: number, overwritten: number])[]): unknown {
    const folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-trace-'));
    for (const [read, overwritten] of kept) {
      const file = join(folder, `config-${read}.xml`);
      writeFileSync(file, document(overwritten));
      utimesSync(file, overwritten + 5, overwritten + 5);
    }
    const source = sources.join('').replace("'/cf/conf/backup'", JSON.stringify(folder));
    const program = `${source} $method = new ReflectionMethod('McpTrace', 'blindWrite'); $method->setAccessible(true);
      echo json_encode($method->invoke(null, ['revision' => ${OURS}, 'sha256' => ${sha}]));`;
    const said = execFileSync('php', ['-r', program], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    return JSON.parse(said);
  }

  test('had read it when pfSense kept it under its own time', () => {
    expect(
      blindWrite([
        [OURS - 50, OURS - 50],
        [OURS, OURS],
      ]),
    ).toBe(0);
  });

  test('had not when it is kept under an older time', () => {
    expect(blindWrite([[OURS - 50, OURS]])).toBe(OURS + 5);
  });

  test('had not when what somebody wrote after it is kept under an older time', () => {
    expect(
      blindWrite([
        [OURS, OURS],
        [OURS - 50, OURS + 20],
      ]),
    ).toBe(OURS + 25);
  });

  test('had not when it was never kept, as one that waited for the lock keeps what was there before', () => {
    expect(blindWrite([[OURS - 50, OURS - 50]])).toBeGreaterThan(1_000 * OURS);
  });

  test('cannot be told when all that is kept is newer', () => {
    expect(blindWrite([[OURS + 10, OURS + 10]])).toBeNull();
    expect(blindWrite([])).toBeNull();
  });
});
