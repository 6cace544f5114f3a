import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSettings } from '../../src/cli/settings.ts';

const example = (name: string): string => new URL(`../../examples/${name}.json`, import.meta.url).pathname;

test.each(['read-only', 'unattended', 'operator', 'full-access', 'fleet'])(
  'the example %s can be used as it is',
  (name) => {
    const { settings } = loadSettings({ config: example(name) }, {});
    expect(Object.keys(settings.firewalls).length).toBeGreaterThan(0);
    expect(settings.permissions).toContain('read');
  },
);

describe('settings', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const load = (environment: Record<string, string>, flags = {}) =>
    loadSettings(flags, { XDG_CONFIG_HOME: folder, ...environment }).settings;

  test('allow reading only when nobody says more', () => {
    expect(load({}).permissions).toEqual(['read']);
  });

  test('take a firewall from the environment', () => {
    expect(load({ PFSENSE_HOST: 'fw', PFSENSE_PORT: '2222', PFSENSE_USER: 'admin' }).firewalls).toEqual({
      default: { host: 'fw', port: 2222, user: 'admin' },
    });
  });

  test('let the environment beat the file, and flags beat both', () => {
    const config = example('full-access');
    expect(load({ PFSENSE_PERMISSIONS: 'read, service' }, { config }).permissions).toEqual(['read', 'service']);
    expect(load({ PFSENSE_PERMISSIONS: 'config' }, { config, readOnly: true }).permissions).toEqual(['read']);
  });

  test('let the environment complete the only firewall of the file', () => {
    expect(load({ PFSENSE_PASSPHRASE: 'x' }, { config: example('read-only') }).firewalls['home']).toMatchObject({
      host: '192.168.1.1',
      passphrase: 'x',
    });
  });

  test.each([
    ['a port that is none', { PFSENSE_HOST: 'fw', PFSENSE_PORT: 'x' }, {}],
    ['a level that is none', { PFSENSE_PERMISSIONS: 'all' }, {}],
    ['a toolset that is none', { PFSENSE_TOOLSETS: 'log' }, {}],
    ['a fingerprint that is none', { PFSENSE_HOST: 'fw', PFSENSE_HOST_KEY: 'MD5:00' }, {}],
    ['a file that is not there', {}, { config: '/nonexistent.json' }],
  ])('refuse %s', (_name, environment, flags) => {
    expect(() => load(environment, flags)).toThrow(expect.objectContaining({ code: 'settings_invalid' }));
  });

  test('never show a value in an error', () => {
    const broken = { PFSENSE_HOST: 'fw', PFSENSE_PASSWORD: 'hunter2hunter2', PFSENSE_PORT: '99999999' };
    expect(() => load(broken)).toThrow(expect.not.objectContaining({ message: expect.stringContaining('hunter2') }));
  });
});
