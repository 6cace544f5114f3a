import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { phpJson } from '../../src/config/php-json.ts';
import { redactTree } from '../../src/config/secrets.ts';
import { parseConfigXml } from '../../src/config/xml.ts';

const MAIN = new URL('../../dist/cli/main.js', import.meta.url).pathname;
const LAB = new URL('../../fixtures/lab/root/cf/conf/config.xml', import.meta.url).pathname;

let folder: string;
let changed: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
  changed = join(folder, 'changed.xml');
  writeFileSync(changed, readFileSync(LAB, 'utf8').replace('<hostname>lab-fw', '<hostname>other'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], stdin = ''): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, 'config', ...args], { timeout: 30_000 }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
    child.stdin?.end(stdin);
  });
}

describe('config parse', () => {
  test("prints PHP's JSON of the tree", async () => {
    const { code, stdout } = await run(['parse', LAB]);
    expect(stdout).toBe(`${phpJson(parseConfigXml(readFileSync(LAB, 'utf8')))}\n`);
    expect(code).toBe(0);
  });

  test('reads standard input and escapes as PHP does', async () => {
    const xml = '<pfsense><a>x/y é 🙂 "q"</a><rule/><b/></pfsense>';
    expect((await run(['parse', '-'], xml)).stdout).toBe(
      '{"a":"x\\/y \\u00e9 \\ud83d\\ude42 \\"q\\"","rule":[],"b":""}\n',
    );
  });

  test('reads as the version that is asked for', async () => {
    const xml = '<pfsense><laggroup>1</laggroup></pfsense>';
    expect((await run(['parse', '-', '--parser', '2.7'], xml)).stdout).toBe('{"laggroup":"1"}\n');
    expect((await run(['parse', '-', '--parser', '2.9'], xml)).stdout).toBe('{"laggroup":["1"]}\n');
  });

  test.each([
    ['broken XML', '<pfsense><a></pfsense>'],
    ['an encrypted backup', '---- BEGIN config.xml ----\n'],
    ['nothing', ''],
  ])('exits 1 with a typed error for %s', async (_name, xml) => {
    const { code, stdout, stderr } = await run(['parse', '-'], xml);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('[config_unreadable]');
  });

  test('exits 1 for bytes that are no UTF-8, and for no file', async () => {
    const file = join(folder, 'latin1.xml');
    writeFileSync(file, Buffer.from('<pfsense><a>\xe9</a></pfsense>', 'latin1'));
    expect((await run(['parse', file])).code).toBe(1);
    expect((await run(['parse', join(folder, 'nosuch')])).code).toBe(1);
  });
});

describe('config redact', () => {
  test('keeps the document and loses its secrets', async () => {
    const { code, stdout } = await run(['redact', LAB]);
    expect(code).toBe(0);
    expect(stdout).not.toContain('$2y$10');
    expect(stdout).toContain('192.168.1.1');
    const [clean, wanted] = [parseConfigXml(stdout), redactTree(parseConfigXml(readFileSync(LAB, 'utf8')))];
    // Pseudonyms have the key of their process.
    const shape = (tree: unknown): string => JSON.stringify(tree).replace(/:[0-9a-f]{6}›/g, '›');
    expect(shape(clean)).toBe(shape(wanted));
  });

  test('replaces addresses when it is told to', async () => {
    const { stdout } = await run(['redact', LAB, '--addresses']);
    expect(stdout).not.toMatch(/192\.168\.1\.1\b/);
    expect(parseConfigXml(stdout)).toBeTypeOf('object');
  });
});

describe('config diff', () => {
  test('tells the change in words, as JSON and as lines', async () => {
    expect((await run(['diff', LAB, changed])).stdout).toBe('system hostname changed: lab-fw → other\n');
    expect(JSON.parse((await run(['diff', LAB, changed, '--format', 'json'])).stdout)).toEqual([
      {
        change: 'changed',
        object: 'system',
        path: 'system',
        fields: [{ field: 'hostname', before: 'lab-fw', after: 'other' }],
      },
    ]);
    const { stdout } = await run(['diff', LAB, changed, '--format', 'unified']);
    expect(stdout).toContain('\n-\t\t<hostname>lab-fw</hostname>\n+\t\t<hostname>other</hostname>\n');
  });

  test('shows that a secret changed and not what it is', async () => {
    const file = join(folder, 'secret.xml');
    writeFileSync(file, readFileSync(LAB, 'utf8').replace('$2y$10$LabLab', '$2y$10$XabXab'));
    for (const format of ['text', 'json', 'unified']) {
      const { stdout } = await run(['diff', LAB, file, '--format', format]);
      expect(stdout).toContain('bcrypt-hash');
      expect(stdout).not.toMatch(/LabLab|XabXab/);
    }
  });

  test('says when there is nothing to tell', async () => {
    expect(await run(['diff', LAB, LAB])).toMatchObject({ code: 0, stdout: 'no changes\n' });
  });
});

test.each([
  ['no file', ['parse']],
  ['one file to compare', ['diff', LAB]],
  ['an unknown parser', ['parse', LAB, '--parser', '3']],
  ['an unknown format', ['diff', LAB, LAB, '--format', 'html']],
  ['an unknown flag', ['redact', LAB, '--nosuch']],
])('%s is a mistake of usage', async (_name, args) => {
  expect((await run(args)).code).toBe(2);
});
