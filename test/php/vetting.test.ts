import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCatalogue } from '../../src/pfsense/catalogue.ts';

const FOLDER = new URL('../../php-snippets/', import.meta.url).pathname;
const SNIPPETS = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /^[^_].*\.php$/.test(file),
);
/** What brings a written change into force, part by part; programs of their own, under the same rules. */
const STEPS = readdirSync(`${FOLDER}_steps`).map((file) => `_steps/${file}`);
/** What actions do, under the same rules as well. */
const ACTIONS = readdirSync(`${FOLDER}_actions`).map((file) => `_actions/${file}`);
const RUNNER = readdirSync(`${FOLDER}_runner`).map((file) => `_runner/${file}`);
const hasPhp = spawnSync('php', ['-v']).status === 0;

/** Runs code out of text, or hides what is called. */
const NEVER = [
  'eval',
  'assert',
  'create_function',
  'unserialize',
  'extract',
  'call_user_func',
  'call_user_func_array',
  'exec',
  'shell_exec',
  'system',
  'passthru',
  'popen',
  'proc_open',
  'pcntl_exec',
  'mwexec',
  'mwexec_bg',
  'parse_str',
  'putenv',
  'ini_set',
  'dl',
];

/** Changes something on the firewall. */
const WRITES =
  /^(?:write_config|config_(?:set|del|init)_path|file_put_contents|fwrite|unlink|rename|touch|chmod|chown|mkdir|rmdir|copy|symlink|send_event|service_control_\w+|filter_configure\w*|\w+_configure|mark_subsystem_dirty|clear_subsystem_dirty|file_notice|log_error|system_\w+|pfSense_kill\w*|system_reboot|lock|unlock)$/;

interface Token {
  readonly name: string;
  readonly text: string;
}

/** PHP's own tokens of a file, without white space and comments. */
function tokensOf(file: string): Token[] {
  const code = `foreach (PhpToken::tokenize(file_get_contents($argv[1])) as $t) if (!$t->isIgnorable()) $all[] = ["name" => $t->getTokenName(), "text" => $t->text]; echo json_encode($all);`;
  return JSON.parse(execFileSync('php', ['-r', code, file], { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 }));
}

/** Names that are called, and whether the call is of a variable. */
function callsOf(tokens: readonly Token[]): { called: string[]; variables: string[] } {
  const before = tokens.filter((_token, index) => tokens[index + 1]?.text === '(');
  return {
    called: before
      .filter(({ name }) => name === 'T_STRING' || name === 'T_NAME_FULLY_QUALIFIED')
      .map(({ text }) => text),
    variables: before.filter(({ name }) => name === 'T_VARIABLE').map(({ text }) => text),
  };
}

describe.runIf(hasPhp).each([...SNIPPETS, ...STEPS, ...ACTIONS])('snippet %s', (file) => {
  const source = readFileSync(FOLDER + file, 'utf8');
  const tokens = hasPhp ? tokensOf(FOLDER + file) : [];
  const { called, variables } = callsOf(tokens);

  test('is PHP', () => {
    expect(execFileSync('php', ['-l', FOLDER + file], { encoding: 'utf8' })).toContain('No syntax errors');
  });

  test('says in its docblock what it does', () => {
    expect(source).toMatch(/^<\?php\n\/\*\*\n \* [A-Z].*[^.]\.\n/);
    expect(source).toMatch(/@effect (?:read|service|config|dangerous)\n/);
    expect(source).toMatch(/@class {2}(?:simple|interface|firewall|config|dangerous)\n/);
    expect(source).toMatch(/@since {2}\d+\.\d+\.\d+\n/);
  });

  test('calls nothing that runs text as code or a program past McpBox', () => {
    expect(called.filter((name) => NEVER.includes(name.toLowerCase()))).toEqual([]);
    expect(tokens.filter(({ text }) => text === '`')).toEqual([]);
    expect(tokens.filter(({ name }) => name === 'T_EVAL' || name === 'T_EXIT')).toEqual([]);
  });

  test('calls only closures of its own by a variable', () => {
    const closures = [...source.matchAll(/(\$\w+) = static (?:fn|function)\b/g)].map((match) => match[1]);
    expect(variables.filter((name) => !closures.includes(name))).toEqual([]);
    expect(source).not.toMatch(/\$\$|\$\{|new \$/);
  });

  test('includes only files that are named in it', () => {
    const includes = tokens
      .map(({ name }, index) => ({ name, next: tokens[index + 1] }))
      .filter(({ name }) => /^T_(?:REQUIRE|INCLUDE)/.test(name));
    expect(
      includes.filter(({ name, next }) => name !== 'T_REQUIRE_ONCE' || next?.name !== 'T_CONSTANT_ENCAPSED_STRING'),
    ).toEqual([]);
  });

  test('changes nothing if it says that it reads', () => {
    if (/@effect read\n/.test(source)) expect(called.filter((name) => WRITES.test(name))).toEqual([]);
  });
});

describe.runIf(hasPhp)('the programs of a change', () => {
  const SWITCH = `${FOLDER}_switch.php`;
  const ACT = `${FOLDER}_act.php`;
  const ACTION = `${FOLDER}_action.php`;
  const namesOf = (file: string, pattern: RegExp): string[] =>
    callsOf(tokensOf(file))
      .called.filter((name) => pattern.test(name))
      .sort();
  const never = new RegExp(`^(?:${NEVER.join('|')})$`, 'i');
  const included = (file: string): string[] =>
    tokensOf(file).flatMap(({ name }, index, tokens) =>
      /^T_(?:REQUIRE|INCLUDE)/.test(name)
        ? tokens
            .slice(index + 1, index + 4)
            .map(({ text }) => text)
            .join(' ')
        : [],
    );

  test.each([SWITCH, ACT, ACTION])('%s is PHP and runs no text as code', (file) => {
    expect(execFileSync('php', ['-l', file], { encoding: 'utf8' })).toContain('No syntax errors');
    expect(tokensOf(file).filter(({ name, text }) => name === 'T_EVAL' || text === '`')).toEqual([]);
  });

  test("the dead-man's switch starts three programs, with constant commands, and includes nothing", () => {
    const source = readFileSync(SWITCH, 'utf8');
    expect(namesOf(SWITCH, never)).toEqual(['proc_open']);
    const commands = [...source.matchAll(/\$run\(\[([^\]]+)\], \d+\)/g)];
    expect(commands.map((match) => match[1])).toEqual([
      "'/usr/local/bin/php-cgi', '-q', '-f', __DIR__ . '/revert.php'",
      "'/etc/rc.filter_configure_sync'",
      "'/etc/rc.reload_all', 'start'",
    ]);
    expect([...new Set(callsOf(tokensOf(SWITCH)).variables)]).toEqual(['$now', '$beat', '$isFree', '$run']);
    expect(included(SWITCH)).toEqual([]);
  });

  test("the dead-man's switch writes the configuration in one place only, the last resort", () => {
    expect(readFileSync(SWITCH, 'utf8').match(/rename\([^)]*config\.xml'\)/g)).toEqual([
      "rename('base.xml', '/cf/conf/config.xml')",
    ]);
  });

  test('what carries a change out includes pfSense, the runner and the steps of its own folder', () => {
    expect(namesOf(ACT, never)).toEqual([]);
    expect(included(ACT)).toEqual([
      ...["'config.inc' ; require_once", "'functions.inc' ; require_once", "'util.inc' ; require_once"],
      ...["'filter.inc' ; require_once", "'shaper.inc' ; require_once", "__DIR__ . '/runner.php'"],
      '$mcpAct -> folder',
    ]);
    expect(namesOf(ACT, /^write_config$/)).toEqual([]);
  });

  test('the configuration is written in one place of the runner, and by no snippet of a change', () => {
    const writers = [...RUNNER, ...SNIPPETS].filter((file) => namesOf(FOLDER + file, /^write_config$/).length > 0);
    expect(writers).toEqual(['_runner/config.php']);
  });

  test('what carries an action out includes pfSense, the runner and the work of its own folder, and writes no configuration', () => {
    expect(namesOf(ACTION, never)).toEqual([]);
    expect(included(ACTION)).toEqual([
      ...["'config.inc' ; require_once", "'functions.inc' ; require_once", "'util.inc' ; require_once"],
      ...["'filter.inc' ; require_once", "'shaper.inc' ; require_once", "__DIR__ . '/runner.php'"],
      '$mcpErrand -> folder',
    ]);
    expect(namesOf(ACTION, /^write_config$/)).toEqual([]);
  });
});

describe('the catalogue', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
    cpSync(FOLDER, folder, { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(SNIPPETS)('gives out %s as it was vetted', (file) => {
    const id = file.replace(/\.php$/, '');
    expect(openCatalogue().program(id).source).toBe(readFileSync(FOLDER + file, 'utf8'));
  });

  test.each(SNIPPETS)('refuses %s when a byte of it was changed', (file) => {
    const bytes = readFileSync(FOLDER + file);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 3) ^ 1, bytes.length - 3);
    writeFileSync(join(folder, file), bytes);
    expect(() => openCatalogue(folder).program(file.replace(/\.php$/, ''))).toThrow(
      expect.objectContaining({ code: 'snippet_unvetted' }),
    );
  });

  test.each(RUNNER)('joins %s into the runner, and refuses it when a byte of it was changed', (file) => {
    const source = readFileSync(FOLDER + file, 'utf8');
    expect(openCatalogue().runner()).toContain(source.replace('<?php\n', ''));
    const bytes = Buffer.from(source);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 3) ^ 1, bytes.length - 3);
    writeFileSync(join(folder, file), bytes);
    expect(() => openCatalogue(folder).runner()).toThrow(expect.objectContaining({ code: 'snippet_unvetted' }));
    writeFileSync(join(folder, file), source);
  });

  test('refuses what is not in the manifest', () => {
    expect(() => openCatalogue().program('../package')).toThrow(expect.objectContaining({ code: 'snippet_unvetted' }));
  });
});
