import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FirewallSettings } from '../../src/core/settings.ts';
import { spawnClient } from '../../src/server/client.ts';
import { openTarget, type Target } from '../contract/target.ts';
import { FaultProxy } from './proxy.ts';
import { Peer } from './rpc.ts';
import { pause } from './stage.ts';
import type { State } from './victim.ts';

/** Nothing of ours is on the firewall this long after the call's own deadline, in milliseconds. */
const AFTER_MS = 5_000;
const DEADLINE_MS = 2_000;

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

const STATES: readonly (readonly [string, State])[] = [
  ['with an idle session', 'idle'],
  ['in a spinning snippet', 'spinning'],
  ['in a blocked command', 'blocked'],
  ['right after a command was accepted, before its first line', 'accepted'],
];

let target: Target;
let proxy: FaultProxy;
let login: FirewallSettings;
/** Sessions of others, should the firewall be shared. */
let others: number;

beforeAll(async () => {
  target = await openTarget();
  const direct = target.users['root'];
  if (!direct?.port) throw new Error('The target has no user root, or no port.');
  proxy = await FaultProxy.open(direct.port);
  const { knownHostsFile: _known, ...rest } = direct;
  login = direct.knownHostsFile === undefined ? { ...rest, port: proxy.port } : direct;
  others = (await target.sessions()).length;
});

afterAll(async () => {
  await proxy.close();
  await target.close();
});

async function ours(): Promise<number> {
  return (await target.sessions()).length - others;
}

/** Milliseconds until nothing of ours is left; infinite when something stays. */
async function gone(limitMs: number): Promise<number> {
  const began = performance.now();
  while (performance.now() - began < limitMs) {
    if ((await ours()) <= 0) return performance.now() - began;
    await pause(100);
  }
  return Number.POSITIVE_INFINITY;
}

async function enter(state: State): Promise<Peer> {
  const victim = new Peer('./victim.ts');
  await victim.ask('enter', { login, state, deadlineMs: DEADLINE_MS });
  await until(async () => (await ours()) > 0);
  return victim;
}

async function until(check: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 50; tries += 1) {
    if (await check()) return;
    await pause(100);
  }
  throw new Error('The victim has no process on the firewall.');
}

describe('nothing of ours stays on the firewall', () => {
  test.each(STATES)('when the process is killed with -9 %s', async (_name, state) => {
    const victim = await enter(state);
    victim.child.kill('SIGKILL');
    expect(await gone(DEADLINE_MS + AFTER_MS)).toBeLessThan(DEADLINE_MS + AFTER_MS);
    await victim.stop();
  });

  test.each(STATES)('when the TCP connection is reset %s', async (_name, state) => {
    const victim = await enter(state);
    proxy.cutAll();
    expect(await gone(DEADLINE_MS + AFTER_MS)).toBeLessThan(DEADLINE_MS + AFTER_MS);
    await victim.stop();
  });

  test('when the MCP server is killed with -9 after a call', async () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'kill-test-'));
    const env = { ...environment(login), PFSENSE_MCP_STATE: stateDir };
    const client = await spawnClient(['--import', 'tsx', MAIN, 'serve'], env);
    const { isError } = await client.call('pf_system_status');
    expect(isError ?? false).toBe(false);
    expect(await ours()).toBeGreaterThan(0);
    process.kill(client.pid ?? 0, 'SIGKILL');
    expect(await gone(AFTER_MS)).toBeLessThan(AFTER_MS);
    await client.close();
    rmSync(stateDir, { recursive: true, force: true });
  });
});

function environment({ host, port, user, privateKey, hostKey }: FirewallSettings): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    PFSENSE_HOST: host,
    PFSENSE_PORT: String(port ?? 22),
    PFSENSE_USER: user ?? 'root',
    PFSENSE_PRIVATE_KEY: privateKey ?? '',
    ...(hostKey === undefined ? {} : { PFSENSE_HOST_KEY: hostKey }),
  };
}
