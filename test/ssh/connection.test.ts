import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FirewallSettings } from '../../src/core/settings.ts';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { type ConnectOptions, connect } from '../../src/ssh/connection.ts';
import { type CredentialLatch, memoryLatch } from '../../src/ssh/latch.ts';
import { runCommand } from '../../src/ssh/run.ts';
import { resolveTarget } from '../../src/ssh/target.ts';

let lab: Lab;
let folder: string;
beforeAll(async () => {
  lab = await startLab();
  folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
});
afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true });
});

const base = (): FirewallSettings => {
  const { host, port, hostKey, privateKeyFile: privateKey } = lab.address;
  return { host, port, hostKey, privateKey, user: 'admin', sshConfig: false };
};

async function open(settings: FirewallSettings, options: Partial<ConnectOptions> = {}) {
  const target = await resolveTarget('fw', settings);
  return connect(target, { latch: memoryLatch(), signal: AbortSignal.timeout(5_000), ...options });
}

describe('logging in', () => {
  test('works with a key', async () => {
    const connection = await open(base());
    expect(connection.hostKeyFingerprint).toBe(lab.address.hostKey);
    await connection.close();
    expect(connection.isOpen).toBe(false);
  });

  test('works with a password, and with one that a program prints', async () => {
    const { privateKey: _key, ...rest } = base();
    const direct = await open({ ...rest, password: 'pfsense' });
    await direct.close();
    const printed = await open({ ...rest, passwordCommand: ['/bin/echo', 'pfsense'] });
    await printed.close();
  });

  test('offers a wrong password once, and not again until told', async () => {
    const { privateKey: _key, ...rest } = base();
    const latch = memoryLatch();
    const wrong = { ...rest, password: 'not it' };
    const before = lab.authAttempts().length;
    await expect(open(wrong, { latch })).rejects.toMatchObject({ code: 'auth_failed', facts: { phase: 'auth' } });
    await expect(open(wrong, { latch })).rejects.toMatchObject({ code: 'auth_latched' });
    expect(lab.authAttempts().length - before).toBe(1);
    latch.clear('fw');
    await expect(open(wrong, { latch })).rejects.toMatchObject({ code: 'auth_failed' });
    expect(lab.authAttempts().length - before).toBe(2);
  });

  test('a corrected password is offered although the wrong one is latched', async () => {
    const { privateKey: _key, ...rest } = base();
    const latch: CredentialLatch = memoryLatch();
    await expect(open({ ...rest, password: 'not it' }, { latch })).rejects.toMatchObject({ code: 'auth_failed' });
    const connection = await open({ ...rest, password: 'pfsense' }, { latch });
    await connection.close();
  });

  test('never shows the password in the error', async () => {
    const { privateKey: _key, ...rest } = base();
    const error = await open({ ...rest, password: 'S3cret-S3cret' }).catch((thrown: unknown) => thrown);
    expect(JSON.stringify(error)).not.toContain('S3cret');
    expect(String(error)).not.toContain('S3cret');
  });

  test.each([
    ['a missing key file', { privateKey: '/nonexistent/key' }],
    ['a file that is no key', { privateKey: '/etc/hostname' }],
    ['a program that fails', { privateKey: undefined, passwordCommand: ['/bin/false'] }],
  ])('refuses %s before anything is sent', async (_name, change) => {
    const before = lab.authAttempts().length;
    await expect(open({ ...base(), ...change } as FirewallSettings)).rejects.toMatchObject({
      code: 'credential_unusable',
    });
    expect(lab.authAttempts().length).toBe(before);
  });
});

describe('the host key', () => {
  test('an unknown one is refused and named, and nothing is offered', async () => {
    const before = lab.authAttempts().length;
    const file = join(folder, 'empty');
    const { hostKey: _pin, ...rest } = base();
    await expect(open({ ...rest, knownHostsFile: file })).rejects.toMatchObject({
      code: 'host_key_unknown',
      message: expect.stringContaining(lab.address.hostKey),
    });
    expect(lab.authAttempts().length).toBe(before);
  });

  test('one that a person accepts is recorded and known from then on', async () => {
    const file = join(folder, 'sub', 'known_hosts');
    const { hostKey: _pin, ...rest } = base();
    const settings = { ...rest, knownHostsFile: file };
    await (await open(settings, { unknownHostKey: 'accept' })).close();
    await (await open(settings)).close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1);
  });

  test('a changed one is refused, also when unknown ones are accepted', async () => {
    const hostKey = `SHA256:${'A'.repeat(43)}`;
    await expect(open({ ...base(), hostKey }, { unknownHostKey: 'accept' })).rejects.toMatchObject({
      code: 'host_key_changed',
    });
  });
});

describe('a peer that is no SSH server', () => {
  async function listening(
    onConnect: (socket: import('node:net').Socket) => void,
  ): Promise<{ port: number; server: Server }> {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      onConnect(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return { server, port: typeof address === 'object' && address ? address.port : 0 };
  }

  test.each([
    [
      'answers HTTP',
      (socket: import('node:net').Socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
      'handshake_failed',
    ],
    [
      'sends rubbish without end',
      (socket: import('node:net').Socket) => void socket.write('x'.repeat(100_000)),
      'handshake_failed',
    ],
    ['hangs up', (socket: import('node:net').Socket) => void socket.end(), 'handshake_failed'],
  ])('that %s is told early', async (_name, behaviour, code) => {
    const { port, server } = await listening(behaviour);
    await expect(open({ ...base(), port })).rejects.toMatchObject({ code });
    server.close();
  });

  test('that stays silent costs no more than the caller allows', async () => {
    const { port, server } = await listening(() => undefined);
    const reason = new Error('time is over');
    const leave = new AbortController();
    setTimeout(() => leave.abort(reason), 200);
    const began = performance.now();
    await expect(open({ ...base(), port }, { signal: leave.signal })).rejects.toBe(reason);
    expect(performance.now() - began).toBeLessThan(1_000);
    server.close();
  });

  test('that does not listen is unreachable', async () => {
    const { port, server } = await listening(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    await expect(open({ ...base(), port })).rejects.toMatchObject({ code: 'unreachable', facts: { phase: 'tcp' } });
  });

  test('that has no address is named so', async () => {
    await expect(open({ ...base(), host: 'no-such-host.invalid' })).rejects.toMatchObject({ code: 'host_unresolved' });
  });
});

describe('commands', () => {
  test('give their output', async () => {
    const connection = await open(base());
    const options = { lane: 'health', signal: AbortSignal.timeout(2_000), maxBytes: 1_000 } as const;
    const { stdout, code } = await runCommand(connection, 'probe', options);
    expect(stdout.toString()).toBe('alive\n0\n');
    expect(code).toBe(0);
    await connection.close();
  });

  test('with more output than allowed are given up', async () => {
    const connection = await open(base());
    const options = { lane: 'health', signal: AbortSignal.timeout(2_000), maxBytes: 10 } as const;
    await expect(runCommand(connection, 'readConfig', options)).rejects.toMatchObject({ code: 'reply_too_large' });
    await connection.close();
  });

  test('on a closed connection fail at once', async () => {
    const connection = await open(base());
    await connection.close();
    const options = { lane: 'health', signal: AbortSignal.timeout(2_000), maxBytes: 10 } as const;
    await expect(runCommand(connection, 'probe', options)).rejects.toMatchObject({ code: 'connection_lost' });
  });
});
