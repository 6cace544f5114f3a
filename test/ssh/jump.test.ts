import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/ssh/connection.ts';
import { knownHostsLine } from '../../src/ssh/known-hosts.ts';
import { memoryLatch } from '../../src/ssh/latch.ts';
import { resolveTarget } from '../../src/ssh/target.ts';
import { newKey, publicBytes, type ServerBehaviour, startServer, type TestServer } from './server.ts';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
  mkdirSync(join(home, '.ssh'));
  writeFileSync(join(home, '.ssh/key'), newKey().private, { mode: 0o600 });
});
afterAll(() => rmSync(home, { recursive: true }));

let servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

/** A firewall behind two hosts; all three keys are on record. */
async function reach(behaviours: readonly ServerBehaviour[]) {
  const hostKey = newKey().private;
  servers = await Promise.all(behaviours.map((behaviour) => startServer({ ...behaviour, hostKeys: [hostKey] })));
  const ports = servers.map(({ settings }) => settings.port ?? 0);
  const lines = ports.map((port) => knownHostsLine('127.0.0.1', port, publicBytes(hostKey)));
  writeFileSync(join(home, '.ssh/known_hosts'), lines.join(''));
  const [first, second, last] = ports;
  const config = `Host fw\n  HostName 127.0.0.1\n  Port ${last}\n  ProxyJump 127.0.0.1:${first},127.0.0.1:${second}\nHost *\n  IdentityFile ${home}/.ssh/key\n`;
  writeFileSync(join(home, '.ssh/config'), config);
  const target = await resolveTarget('fw', { host: 'fw' }, home);
  return connect(target, { latch: memoryLatch(), signal: AbortSignal.timeout(5_000) });
}

const hop: ServerBehaviour = { forwards: true };

describe('a firewall behind two hosts', () => {
  test('is reached through both, and closing it closes all', async () => {
    const connection = await reach([hop, hop, {}]);
    expect(servers.map((server) => server.connections())).toEqual([1, 1, 1]);
    await connection.close();
    for (const server of servers) await expect.poll(() => server.goodbyes()).toBe(1);
  });

  test('that is not reached leaves no connection to the hosts', async () => {
    const refusing: ServerBehaviour = { authenticate: (context) => context.reject(['publickey']) };
    await expect(reach([hop, hop, refusing])).rejects.toMatchObject({
      code: 'auth_failed',
      message: expect.stringMatching(/^fw refused/),
    });
    for (const server of servers.slice(0, 2)) await expect.poll(() => server.goodbyes()).toBe(1);
  });

  test('is not what a refusal on the way is blamed on', async () => {
    const refusing: ServerBehaviour = { authenticate: (context) => context.reject(['publickey']) };
    await expect(reach([hop, refusing, {}])).rejects.toMatchObject({
      code: 'auth_failed',
      message: expect.stringContaining("fw's jump host"),
    });
  });
});
