import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Flags, loadSettings } from '../../src/cli/settings.ts';
import { PfsenseError } from '../../src/core/errors.ts';

let folder: string;
let config: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
  config = join(folder, 'config.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(content: unknown, mode = 0o600): void {
  writeFileSync(config, typeof content === 'string' ? content : JSON.stringify(content), { mode });
  chmodSync(config, mode);
}

const load = (environment: Record<string, string> = {}, flags: Flags = {}) =>
  loadSettings({ config, ...flags }, { XDG_CONFIG_HOME: folder, ...environment });

/** The error that loading ends with; a test that expects none fails. */
function refusal(environment: Record<string, string> = {}, flags: Flags = {}): PfsenseError {
  try {
    load(environment, flags);
  } catch (error) {
    if (error instanceof PfsenseError) return error;
    throw error;
  }
  throw new Error('The settings were taken.');
}

describe('a key that is not known', () => {
  test.each([
    ['at the top', { permisions: ['read'] }, '"permisions"', 'permissions'],
    ['of a firewall', { firewalls: { a: { host: 'x', pasword: 'hunter2' } } }, '"firewalls.a.pasword"', 'password'],
    ['of the breaker', { breaker: { windowMS: 5_000 } }, '"breaker.windowMS"', 'windowMs'],
    ['of a rule', { deny: [{ tools: 'pf_*' }] }, '"deny.0.tools"', 'tool'],
  ])('%s is named together with the nearest that is', (_name, content, where, nearest) => {
    write(content);
    expect(refusal()).toMatchObject({
      code: 'settings_invalid',
      message: `Setting ${where} is not known; did you mean ${nearest}?`,
    });
  });

  test('far from all others is just named', () => {
    write({ xyzzy: 1 });
    expect(refusal().message).toBe('Setting "xyzzy" is not known.');
  });
});

describe('a bad value', () => {
  test.each([
    ['firewalls.a.port', { firewalls: { a: { host: 'x', port: 70_000 } } }],
    ['firewalls.a.host', { firewalls: { a: { host: '' } } }],
    ['firewalls.a.hostKey', { firewalls: { a: { host: 'x', hostKey: 'hunter2hunter2' } } }],
    ['firewalls.a.password', { firewalls: { a: { host: 'x', password: ['hunter2hunter2'] } } }],
    ['permissions.1', { permissions: ['read', 'hunter2hunter2'] }],
    ['healthIntervalMs', { healthIntervalMs: -1 }],
    ['breaker.failures', { breaker: { failures: 0 } }],
  ])('of %s is refused by name, without the value', (name, content) => {
    write(content);
    const { message, facts } = refusal();
    expect(message).toContain(`Setting ${name}: `);
    expect(`${message}${facts.hint}`).not.toContain('hunter2');
  });
});

describe('a settings file', () => {
  test.each([
    ['with a comma too many', '{"firewalls": {\n"a": {"host": "x", "password": "hunter2"},\n}}', 'not JSON (line 3)'],
    ['that stops', '{"password": "hunter2', 'not JSON'],
    ['that is no JSON', 'password = hunter2', 'not JSON'],
    ['that holds a list', '["hunter2"]', 'no object'],
    ['that is empty', '', 'not JSON'],
  ])('%s is refused without a word of it', (_name, content, reason) => {
    write(content);
    const { code, message, cause } = refusal();
    expect(code).toBe('settings_invalid');
    expect(message).toContain(reason);
    expect(`${message}${String(cause)}`).not.toContain('hunter2');
  });

  test('may begin with a byte order mark', () => {
    write(`\ufeff${JSON.stringify({ permissions: ['config'] })}`);
    expect(load().settings.permissions).toEqual(['config']);
  });

  test('that is named but missing is an error; the usual one may be missing', () => {
    expect(refusal().message).toBe('The settings file does not exist.');
    expect(loadSettings({}, { XDG_CONFIG_HOME: join(folder, 'none') }).settings.firewalls).toEqual({});
  });

  test.each([
    ['a password that others can read', { password: 'x' }, 0o644, 1],
    ['a passphrase that the group can read', { passphrase: 'x' }, 0o640, 1],
    ['a password that nobody else can read', { password: 'x' }, 0o600, 0],
    ['a command for the password', { passwordCommand: ['pass', 'show', 'fw'] }, 0o644, 0],
  ])('with %s', (_name, secret, mode, warnings) => {
    write({ firewalls: { a: { host: 'x', ...secret } } }, mode);
    expect(load().warnings).toHaveLength(warnings);
  });

  test('is named by the flag before the environment', () => {
    write({ permissions: ['config'] });
    const named = { PFSENSE_MCP_CONFIG: join(folder, 'other.json') };
    expect(load(named).settings.permissions).toEqual(['config']);
  });
});

describe('the environment', () => {
  test('describes the firewall default beside those of the file', () => {
    write({ firewalls: { office: { host: 'o', password: 'x' } } });
    const { firewalls } = load({ PFSENSE_HOST: 'h', PFSENSE_PRIVATE_KEY: '/k' }).settings;
    expect(firewalls).toEqual({ office: { host: 'o', password: 'x' }, default: { host: 'h', privateKey: '/k' } });
  });

  test('gives no credential of the file to another host', () => {
    write({ firewalls: { default: { host: 'old', password: 'x' } } });
    expect(load({ PFSENSE_HOST: 'new' }).settings.firewalls).toEqual({ default: { host: 'new' } });
  });

  test('must say which host it means when the file does not', () => {
    write({ firewalls: { a: { host: 'a' }, b: { host: 'b' } } });
    expect(refusal({ PFSENSE_PASSWORD: 'hunter2' })).toMatchObject({
      code: 'settings_invalid',
      message: expect.stringContaining('PFSENSE_HOST is not set'),
    });
  });

  test('takes permissions as the exact set', () => {
    write({ permissions: ['read', 'service'] });
    expect(load({ PFSENSE_PERMISSIONS: 'config' }).settings.permissions).toEqual(['config']);
  });

  test('counts empty variables as absent', () => {
    write({ permissions: ['read', 'service'], toolsets: ['logs'], stateDir: '/s' });
    const empty = { PFSENSE_PERMISSIONS: '', PFSENSE_TOOLSETS: '', PFSENSE_MCP_STATE: '', PFSENSE_HOST: '' };
    const { settings, stateDir } = load({ ...empty, PFSENSE_PASSWORD: '', PFSENSE_MCP_CONFIG: '' });
    expect(settings).toMatchObject({ permissions: ['read', 'service'], toolsets: ['logs'], firewalls: {} });
    expect(stateDir).toBe('/s');
  });
});

test.each([
  ['the variable', { PFSENSE_MCP_STATE: '/v', XDG_STATE_HOME: '/x' }, '/f', '/v'],
  ['the file', { XDG_STATE_HOME: '/x' }, '/f', '/f'],
  ['the home directory', {}, '~/state', join(homedir(), 'state')],
  ['the usual place', { XDG_STATE_HOME: '/x' }, undefined, '/x/pfsense-mcp'],
])('state is kept where %s says', (_name, environment, stateDir, wanted) => {
  write(stateDir === undefined ? {} : { stateDir });
  expect(load(environment).stateDir).toBe(wanted);
});

test('a toolset that is not known is named together with the nearest that is', () => {
  write({});
  expect(refusal({}, { toolsets: 'log' })).toMatchObject({
    message: 'Toolset "log" is not known; did you mean logs?',
    facts: { hint: expect.stringContaining('Toolsets: ') },
  });
});
