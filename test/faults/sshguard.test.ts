import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hasSshd, type Sshd, startSshd } from './sshd.ts';
import { attackLines, attackPoints } from './sshguard.ts';
import { pause, Stage } from './stage.ts';
import { doctor, openConnection, probe, Subject, underDeadline } from './subject.ts';

/** Points that a healthy operation may cost in half an hour. */
const BUDGET = 10;

/** Points of one connection that breaks off before authentication. */
const HANG_UP = 2;

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Probes of an hour at the default interval of a minute. */
const PROBES = 60;
const BREAKER_PROBES = 20;

const line = (text: string): string => `Nov 24 14:00:00 fw sshd[4711]: ${text}`;

describe('the scorer of sshguard points', () => {
  test.each([
    ['Failed password for root from 192.0.2.1 port 40000 ssh2', 10],
    ['Failed publickey for admin from 192.0.2.1 port 40000 ssh2: ED25519 SHA256:x', 10],
    ['Connection closed by authenticating user root 192.0.2.1 port 40000 [preauth]', 2],
    ['Connection reset by 192.0.2.1 port 40000 [preauth]', 2],
    ['Disconnected from authenticating user root 192.0.2.1 port 40000 [preauth]', 10],
    ['Did not receive identification string from 192.0.2.1 port 40000', 10],
    ['Unable to negotiate with 192.0.2.1 port 40000: no matching cipher found. Their offer: x [preauth]', 10],
    ['fatal: Timeout before authentication for 192.0.2.1 port 40000', 10],
  ])('counts: %s', (text, points) => {
    expect(attackPoints(line(text))).toBe(points);
  });

  test.each([
    'Accepted publickey for root from 192.0.2.1 port 40000 ssh2: ED25519 SHA256:x',
    'Received disconnect from 192.0.2.1 port 40000:11: bye',
    'Disconnected from user root 192.0.2.1 port 40000',
    'Connection from 192.0.2.1 port 40000 on 192.0.2.2 port 22',
    'Failed none for root from 192.0.2.1 port 40000 ssh2',
  ])('does not count: %s', (text) => {
    expect(attackPoints(line(text))).toBe(0);
  });
});

describe.runIf(hasSshd)('what the log of a real sshd says about us', () => {
  let sshd: Sshd;
  let stateDir: string;
  /** Length of the log before the test: waiting for sshd to listen was a connection without a word. */
  let before: number;
  beforeEach(async () => {
    sshd = await startSshd();
    stateDir = mkdtempSync(join(tmpdir(), 'sshguard-test-'));
    await pause(300);
    before = sshd.log().length;
  });
  afterEach(async () => {
    await sshd.close();
    rmSync(stateDir, { recursive: true, force: true });
  });

  /** The lines that sshguard would count, once sshd has written them. */
  async function attacks(): Promise<string[]> {
    await pause(500);
    return attackLines(sshd.log().slice(before));
  }

  test('a full doctor and an hour of health probes are no attack', async () => {
    await underDeadline(30_000, (signal) => doctor(sshd.login, signal));
    const connection = await underDeadline(10_000, (signal) => openConnection(sshd.login, signal));
    for (let count = 0; count < PROBES; count += 1) {
      expect(await underDeadline(5_000, (signal) => probe(connection, signal))).toBe('alive');
    }
    await connection.close();
    expect(await attacks()).toEqual([]);
  });

  test('a wrong password in eight calls at once is offered once', async () => {
    const { privateKey: _key, ...login } = sshd.login;
    const subject = new Subject({ login: { ...login, password: 'wrong' }, stateDir });
    const calls = await Promise.allSettled(Array.from({ length: 8 }, () => subject.readName()));
    expect(calls.every(({ status }) => status === 'rejected')).toBe(true);
    await subject.close();
    const failed = sshd.log().match(/Failed password/g) ?? [];
    expect(failed).toHaveLength(1);
    // The refused password itself, and the hang-up after it.
    expect(attackPoints((await attacks()).join('\n'))).toBeLessThanOrEqual(12);
  });

  test('three processes in a row with a wrong password make one attempt', async () => {
    const env = {
      ...process.env,
      PFSENSE_HOST: '127.0.0.1',
      PFSENSE_PORT: String(sshd.login.port),
      PFSENSE_USER: sshd.login.user,
      PFSENSE_PASSWORD: 'wrong',
      PFSENSE_HOST_KEY: sshd.login.hostKey,
      PFSENSE_MCP_STATE: stateDir,
      PFSENSE_MCP_CONFIG: undefined,
    };
    const codes = [await callOnce(env), await callOnce(env), await callOnce(env)];
    expect(codes).toEqual(['auth_failed', 'auth_latched', 'auth_latched']);
    expect(sshd.log().match(/Failed password/g) ?? []).toHaveLength(1);
  });

  test('a wrong host key in sixty calls stays within the points of half an hour', async () => {
    const subject = new Subject({ login: { ...sshd.login, hostKey: `SHA256:${'A'.repeat(43)}` }, stateDir });
    const codes = new Set<string>();
    for (let count = 0; count < PROBES; count += 1) {
      codes.add(await subject.readName().then(String, (error) => error.code));
    }
    await subject.close();
    expect(codes).toContain('host_key_changed');
    expect(attackPoints((await attacks()).join('\n'))).toBeLessThanOrEqual(BUDGET);
  });
});

describe('breaker probes of a firewall that hangs up', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  test('twenty of them cost no more than the points of half an hour', async () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'sshguard-test-'));
    const settings = { breaker: { failures: 1, openMs: 10, maxOpenMs: 10 } };
    const subject = new Subject({ login: stage.settings, stateDir, settings });
    await stage.arm({ name: 'kex stall', simulates: '', strike: { at: 'accept', what: 'kex stall' } });
    for (let count = 0; count < BREAKER_PROBES; count += 1) {
      await subject.readName().catch(() => undefined);
      await pause(15);
    }
    const census = await stage.census();
    await subject.close();
    await stage.heal();
    rmSync(stateDir, { recursive: true, force: true });
    expect((census?.accepted ?? Number.POSITIVE_INFINITY) * HANG_UP).toBeLessThanOrEqual(BUDGET);
  });
});

/** One `pfsense-mcp call`; resolves with the code of its error, or `ok`. */
function callOnce(env: NodeJS.ProcessEnv): Promise<string> {
  const argv = ['--import', 'tsx', MAIN, 'call', 'pf_system_status', '{}', '--json'];
  return new Promise((resolve) => {
    execFile(process.execPath, argv, { env }, (_error, stdout) => {
      const outcome = JSON.parse(stdout) as { ok: boolean; error?: { code: string } };
      resolve(outcome.error?.code ?? 'ok');
    });
  });
}
