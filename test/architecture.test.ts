import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

/** What each folder of src/ may import besides itself and `core`. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: [],
  ssh: [],
  neverhang: [],
  alan: [],
  config: [],
  pfsense: ['ssh', 'neverhang', 'alan', 'config'],
  policy: ['config'],
  whatif: ['config'],
  changes: ['pfsense', 'config', 'whatif', 'policy'],
  tools: ['pfsense', 'config', 'whatif', 'changes', 'policy', 'alan'],
  server: ['tools', 'changes', 'pfsense', 'policy'],
  lab: ['config'],
  cli: ['alan', 'changes', 'config', 'lab', 'neverhang', 'pfsense', 'policy', 'server', 'ssh', 'tools'],
};

/** Libraries that exactly these files or folders import. */
const IMPORTERS: Readonly<Record<string, RegExp>> = {
  '@modelcontextprotocol/sdk': /^server\//,
  ssh2: /^(ssh|lab)\//,
  'better-sqlite3': /^alan\/database\.ts$/,
  'fast-xml-parser': /^config\/xml\.ts$/,
  diff: /^config\/unified-diff\.ts$/,
  pino: /^core\/log\.ts$/,
  cockatiel: /^neverhang\/breaker\.ts$/,
  'p-queue': /^neverhang\/queue\.ts$/,
  'ipaddr.js': /^config\/address\.ts$/,
  commander: /^cli\/main\.ts$/,
};

const SRC = new URL('../src', import.meta.url).pathname;
const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

function importsOf(file: string): string[] {
  const source = readFileSync(join(SRC, file), 'utf8');
  return [...source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

describe.each(FILES)('src/%s', (file) => {
  const folder = file.split('/')[0] ?? '';
  const imports = importsOf(file);

  test('imports only downwards', () => {
    const folders = imports
      .filter((path) => path.startsWith('.'))
      .map((path) => normalize(join(dirname(file), path)).split('/')[0] ?? '');
    const wrong = folders.filter((other) => other !== folder && other !== 'core' && !ALLOWED[folder]?.includes(other));
    expect(wrong).toEqual([]);
  });

  test('leaves each library to its one importer', () => {
    const wrong = Object.entries(IMPORTERS).filter(
      ([library, importer]) =>
        imports.some((path) => path === library || path.startsWith(`${library}/`)) && !importer.test(file),
    );
    expect(wrong.map(([library]) => library)).toEqual([]);
  });

  test('has a name and a size that fit one subject', () => {
    expect(file).not.toMatch(/(?:^|\/)(?:utils?|helpers?|common|misc)\b/);
    expect(readFileSync(join(SRC, file), 'utf8').split('\n').length).toBeLessThanOrEqual(320);
  });
});

test('core needs nothing but node, zod and pino', () => {
  const wrong = FILES.filter((file) => file.startsWith('core/')).flatMap((file) =>
    importsOf(file).filter((path) => !/^(\.|node:|zod$|pino$)/.test(path)),
  );
  expect(wrong).toEqual([]);
});
