import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { knownHostsLine } from '../../src/ssh/known-hosts.ts';
import { login, newKey, printOf, publicBytes, startServer, type TestServer } from './server.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

let server: TestServer;
afterEach(() => server.close());

const ed25519 = newKey().private;
const rsa = newKey('rsa').private;

/** Settings that read known_hosts with the given content. */
async function known(text: (port: number) => string, hostKeys = [ed25519]) {
  server = await startServer({ hostKeys });
  const knownHostsFile = join(folder, `known_hosts_${server.settings.port}`);
  writeFileSync(knownHostsFile, text(server.settings.port ?? 0));
  const { hostKey: _pin, ...rest } = server.settings;
  return { ...rest, knownHostsFile };
}

const record = (key: string) => (port: number) => knownHostsLine('127.0.0.1', port, publicBytes(key));

describe('a host key', () => {
  test('of the type on record is asked for, also when the server has others that we like better', async () => {
    const settings = await known(record(rsa), [ed25519, rsa]);
    const connection = await login(settings);
    expect(connection.hostKeyFingerprint).toBe(printOf(rsa));
    await connection.close();
  });

  test('of another type than the one on record is a change, not a failed handshake', async () => {
    const settings = await known(record(rsa), [ed25519]);
    await expect(login(settings)).rejects.toMatchObject({ code: 'host_key_changed', facts: { phase: 'host_key' } });
  });

  test('that is refused leads to no authentication and no goodbye', async () => {
    const settings = await known(() => '');
    await expect(login(settings)).rejects.toMatchObject({ code: 'host_key_unknown' });
    expect(server.methods).toEqual([]);
    expect(server.goodbyes()).toBe(0);
  });

  test('that is right leads to a login that ends with a goodbye', async () => {
    await (await login(await known(record(ed25519)))).close();
    await expect.poll(() => server.goodbyes()).toBe(1);
  });

  test('that is revoked is refused although a person accepts unknown ones', async () => {
    const settings = await known((port) => `@revoked ${record(ed25519)(port)}`);
    await expect(login(settings, { unknownHostKey: 'accept' })).rejects.toMatchObject({ code: 'host_key_revoked' });
  });

  test('that is accepted gets a line of its own behind a last line without end', async () => {
    const settings = await known(() => 'other ssh-ed25519 AAAA');
    await (await login(settings, { unknownHostKey: 'accept' })).close();
    const lines = readFileSync(settings.knownHostsFile, 'utf8').trim().split('\n');
    expect(lines).toHaveLength(2);
    await (await login(settings)).close();
  });

  test('that cannot be recorded stops the login', async () => {
    const settings = await known(() => '');
    const blocker = join(folder, 'file');
    writeFileSync(blocker, '');
    const knownHostsFile = join(blocker, 'known_hosts');
    await expect(login({ ...settings, knownHostsFile }, { unknownHostKey: 'accept' })).rejects.toMatchObject({
      code: 'settings_invalid',
    });
  });

  test('is not looked for when known_hosts cannot be read', async () => {
    const settings = await known(() => '');
    const knownHostsFile = join(folder, 'a folder');
    mkdirSync(knownHostsFile);
    await expect(login({ ...settings, knownHostsFile })).rejects.toMatchObject({ code: 'settings_invalid' });
    expect(server.connections()).toBe(0);
  });
});
