import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuthContext, Connection } from 'ssh2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { memoryLatch } from '../../src/ssh/latch.ts';
import { login, newKey, type ServerBehaviour, startServer, type TestServer } from './server.ts';

let folder: string;
let keyFile: string;
const clientKey = newKey();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
  keyFile = join(folder, 'key');
  writeFileSync(keyFile, clientKey.private, { mode: 0o600 });
});
afterAll(() => rmSync(folder, { recursive: true }));

let server: TestServer;
afterEach(() => server.close());

const serve = async (authenticate: ServerBehaviour['authenticate']): Promise<TestServer> => {
  server = await startServer(authenticate ? { authenticate } : {});
  return server;
};

/** Takes the password `right` and offers the given methods. */
const takes =
  (...methods: ('password' | 'publickey' | 'keyboard-interactive')[]) =>
  (context: AuthContext): void => {
    if (context.method === 'password' && context.password === 'right') context.accept();
    else context.reject(methods);
  };

describe('a password', () => {
  test('is offered after the question which methods there are', async () => {
    const { settings, methods } = await serve(takes('publickey', 'password', 'keyboard-interactive'));
    await (await login(settings)).close();
    expect(methods).toEqual(['none', 'password']);
  });

  test('that is wrong is offered once, and the login ends without a goodbye', async () => {
    const { settings, methods, goodbyes } = await serve(takes('publickey', 'password', 'keyboard-interactive'));
    const wrong = login({ ...settings, password: 'wrong' });
    await expect(wrong).rejects.toMatchObject({ code: 'auth_failed', facts: { phase: 'auth' } });
    expect(methods).toEqual(['none', 'password']);
    expect(goodbyes()).toBe(0);
  });

  test('is not offered to a server that takes keys only', async () => {
    const { settings, methods, goodbyes } = await serve(takes('publickey'));
    await expect(login(settings)).rejects.toMatchObject({ code: 'credential_unusable', facts: { phase: 'auth' } });
    expect(methods).toEqual(['none']);
    expect(goodbyes()).toBe(0);
  });

  test('answers the one prompt of keyboard-interactive where there is nothing else', async () => {
    const answers: string[][] = [];
    const { settings } = await serve((context) => {
      if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
      context.prompt([{ prompt: 'Password:', echo: false }], (given) => {
        answers.push(given);
        context.accept();
      });
    });
    await (await login(settings)).close();
    expect(answers).toEqual([['right']]);
  });

  test('is not given to a second prompt, nor to two prompts at once', async () => {
    const answers: string[][] = [];
    const { settings } = await serve((context) => {
      if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
      context.prompt([{ prompt: 'Password:', echo: false }], () => {
        context.prompt(['New password:', 'Again:'], (given) => {
          answers.push(given);
          context.reject(['keyboard-interactive']);
        });
      });
    });
    await expect(login(settings)).rejects.toMatchObject({ code: 'auth_failed' });
    expect(answers).toEqual([['', '']]);
  });
});

describe('a refusal', () => {
  test('is remembered, and nothing is sent the next time', async () => {
    const { settings, connections } = await serve(takes('password'));
    const latch = memoryLatch();
    const wrong = { ...settings, password: 'wrong' };
    await expect(login(wrong, { latch })).rejects.toMatchObject({ code: 'auth_failed' });
    await expect(login(wrong, { latch })).rejects.toMatchObject({ code: 'auth_latched' });
    expect(connections()).toBe(1);
  });

  test('says nothing about other credentials, another user or another address', async () => {
    const { settings } = await serve(takes('password'));
    const latch = memoryLatch();
    await expect(login({ ...settings, password: 'wrong' }, { latch })).rejects.toMatchObject({ code: 'auth_failed' });
    await (await login(settings, { latch })).close();
    const user = login({ ...settings, password: 'wrong', user: 'admin' }, { latch });
    await expect(user).rejects.toMatchObject({ code: 'auth_failed' });
    const host = login({ ...settings, password: 'wrong', host: 'localhost' }, { latch });
    await expect(host).rejects.not.toMatchObject({ code: 'auth_latched' });
  });

  test('by a goodbye counts as one', async () => {
    const latch = memoryLatch();
    const { settings } = await serve((context, client: Connection) => {
      if (context.method === 'none') return context.reject(['password']);
      // ssh2's server can say no other goodbye than this one.
      Reflect.get(client, '_protocol').disconnect(2);
      client.end();
    });
    await expect(login(settings, { latch })).rejects.toMatchObject({ code: 'auth_failed' });
    await expect(login(settings, { latch })).rejects.toMatchObject({ code: 'auth_latched' });
  });

  test('is not concluded from a connection that just breaks', async () => {
    const latch = memoryLatch();
    const { settings } = await serve((context, client) => {
      if (context.method === 'none') context.reject(['password']);
      else Reflect.get(client, '_sock').destroy();
    });
    await expect(login(settings, { latch })).rejects.toMatchObject({ code: 'connection_lost' });
    await expect(login(settings, { latch })).rejects.toMatchObject({ code: 'connection_lost' });
  });

  test('is not concluded from a goodbye after the login', async () => {
    const latch = memoryLatch();
    let peer: Connection | undefined;
    const { settings } = await serve((context, client) => {
      peer = client;
      context.accept();
    });
    const connection = await login(settings, { latch });
    const gone = new Promise<void>((resolve) => connection.onClose(resolve));
    Reflect.get(peer ?? {}, '_protocol').disconnect(2);
    await gone;
    await (await login(settings, { latch })).close();
  });
});

describe('a key', () => {
  const keyThenPassword = (context: AuthContext): void => {
    const isKey = context.method === 'publickey';
    const isRight = context.method === 'password' && context.password === 'right';
    if (isRight || (isKey && !context.signature)) context.accept();
    else context.reject([isKey ? 'password' : 'publickey'], isKey);
  };

  test('is followed by the password when the server wants both', async () => {
    const { settings, methods } = await serve(keyThenPassword);
    await (await login({ ...settings, privateKey: keyFile })).close();
    expect(methods).toEqual(['publickey', 'publickey', 'password']);
  });

  test('that is right but not enough says that a password is missing', async () => {
    const { settings } = await serve(keyThenPassword);
    const { password: _password, ...rest } = settings;
    await expect(login({ ...rest, privateKey: keyFile })).rejects.toMatchObject({
      code: 'auth_failed',
      message: expect.stringContaining('wants a password as well'),
    });
  });

  test('that was latched alone is offered again together with a password', async () => {
    const { settings } = await serve(keyThenPassword);
    const { password, ...rest } = settings;
    const latch = memoryLatch();
    await expect(login({ ...rest, privateKey: keyFile }, { latch })).rejects.toMatchObject({ code: 'auth_failed' });
    await (await login({ ...rest, privateKey: keyFile, password: password ?? '' }, { latch })).close();
  });

  test('that is refused is not followed by the password', async () => {
    const { settings, methods } = await serve((context) => context.reject(['publickey', 'password']));
    await expect(login({ ...settings, privateKey: keyFile })).rejects.toMatchObject({ code: 'auth_failed' });
    expect(methods).toEqual(['publickey']);
  });
});

describe('a program that prints a secret', () => {
  test('may not hold a login up', async () => {
    const { settings, connections } = await serve(undefined);
    const { password: _password, ...rest } = settings;
    const reason = new Error('time is over');
    const leave = new AbortController();
    setTimeout(() => leave.abort(reason), 100);
    const slow = login({ ...rest, passwordCommand: ['/bin/sleep', '30'] }, { signal: leave.signal });
    await expect(slow).rejects.toBe(reason);
    expect(connections()).toBe(0);
  });
});
