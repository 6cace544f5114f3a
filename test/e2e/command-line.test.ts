import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { httpClient, spawnClient } from '../../src/server/client.ts';
import { READS } from '../reads.ts';

const MAIN = new URL('../../dist/cli/main.js', import.meta.url).pathname;

let lab: Lab;
let folder: string;
let environment: Record<string, string>;
beforeAll(async () => {
  lab = await startLab();
  folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
  const { host, port, privateKeyFile, hostKey } = lab.address;
  environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    PFSENSE_HOST: host,
    PFSENSE_PORT: String(port),
    PFSENSE_USER: 'admin',
    PFSENSE_PRIVATE_KEY: privateKeyFile,
    PFSENSE_HOST_KEY: hostKey,
  };
});
afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true });
});

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [MAIN, ...args],
      { env: { ...environment, ...env }, timeout: 30_000 },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      },
    );
  });
}

describe('call', () => {
  test('prints the structured result and exits 0', async () => {
    const { code, stdout } = await run(['call', 'pf_system_status', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      result: { firewall: 'default', info: { hostname: 'lab-fw' } },
    });
    expect(code).toBe(0);
  });

  test.each([
    ['an unknown tool', ['pf_system_statsu'], 'unknown_tool'],
    ['an unknown argument', ['pf_log_search', '{"txt":"x"}'], 'bad_input'],
    ['a wrong value', ['pf_log_search', '{"limit":0}'], 'bad_input'],
    ['a section that is not there', ['pf_config_get', '{"path":"nosuch"}'], 'not_found'],
    ['an unknown firewall', ['pf_service_list', '--firewall', 'nosuch'], 'unknown_firewall'],
  ])('answers %s with its typed error and exits 1', async (_name, args, code) => {
    const outcome = await run(['call', ...args, '--json']);
    const { ok, error } = JSON.parse(outcome.stdout);
    expect(ok).toBe(false);
    expect(error).toMatchObject({
      code,
      phase: expect.any(String),
      retryable: false,
      sideEffect: 'none',
      hint: expect.any(String),
      message: expect.any(String),
    });
    expect(outcome.code).toBe(1);
  });

  test.each([
    ['no tool', ['call']],
    ['arguments that are no JSON', ['call', 'pf_service_list', '{']],
    ['arguments that are no object', ['call', 'pf_service_list', '[]']],
    ['an unknown flag', ['call', 'pf_service_list', '--nosuch']],
    ['an unknown command', ['nosuch']],
  ])('exits 2 for %s', async (_name, args) => {
    expect((await run(args)).code).toBe(2);
  });

  test('a wrong password is offered once by three processes in a row', async () => {
    const before = lab.authAttempts().length;
    const wrong = {
      PFSENSE_PRIVATE_KEY: '',
      PFSENSE_PASSWORD: 'not it at all',
      PFSENSE_MCP_STATE: join(folder, 'latch'),
    };
    const codes: string[] = [];
    for (let n = 0; n < 3; n += 1)
      codes.push(JSON.parse((await run(['call', 'pf_service_list', '--json'], wrong)).stdout).error.code);
    expect(codes).toEqual(['auth_failed', 'auth_latched', 'auth_latched']);
    expect(lab.authAttempts().length - before).toBe(1);
  });

  test('a changed host key is refused with its own code', async () => {
    const { stdout } = await run(['call', 'pf_service_list', '--json'], {
      PFSENSE_HOST_KEY: `SHA256:${'A'.repeat(43)}`,
    });
    expect(JSON.parse(stdout).error.code).toBe('host_key_changed');
  });

  test('with permissions that do not name read, nothing is offered', async () => {
    const { stdout } = await run(['call', 'pf_service_list', '--json'], { PFSENSE_PERMISSIONS: 'config' });
    expect(JSON.parse(stdout).error.code).toBe('unknown_tool');
  });
});

describe('the other commands', () => {
  test('tools lists names, effects and tokens', async () => {
    const { stdout } = await run(['tools', '--json']);
    const rows = JSON.parse(stdout);
    expect(rows).toHaveLength(READS.length);
    for (const row of rows)
      expect(row).toEqual({
        name: expect.stringMatching(/^pf_/),
        effect: 'read',
        toolset: expect.any(String),
        tokens: expect.any(Number),
      });
  });

  test('tools and call keep to the named toolsets', async () => {
    const { stdout } = await run(['tools', '--toolsets', 'logs', '--json']);
    expect(JSON.parse(stdout).map(({ toolset }: { toolset: string }) => toolset)).toEqual(['logs']);
    const wrong = await run(['call', 'pf_rule_search', '--toolsets', 'logs', '--json']);
    expect(JSON.parse(wrong.stdout).error.code).toBe('unknown_tool');
    expect((await run(['tools', '--toolsets', 'nosuch'])).code).not.toBe(0);
  });

  test('doctor walks all steps and exits 0', async () => {
    const { code, stdout } = await run(['doctor', '--json']);
    const steps = JSON.parse(stdout);
    expect(steps.every(({ ok }: { ok: boolean }) => ok)).toBe(true);
    expect(steps.map(({ step }: { step: string }) => step)).toEqual(
      expect.arrayContaining([
        'name',
        'TCP',
        'key exchange',
        'host key',
        'authentication',
        'shell',
        'pfSsh.php',
        'PHP',
        'permissions',
      ]),
    );
    expect(code).toBe(0);
  });

  test('doctor stops at the first step that fails and says what to do', async () => {
    const { code, stdout } = await run(['doctor', '--json'], { PFSENSE_PORT: '1' });
    const failed = JSON.parse(stdout).filter(({ ok }: { ok: boolean }) => !ok);
    expect(failed).toEqual([{ step: 'TCP', ok: false, detail: expect.any(String), fix: expect.any(String) }]);
    expect(code).toBe(1);
  });

  test('stats and audit-log verify speak of what was done', async () => {
    await run(['call', 'pf_service_list', '--json']);
    expect(JSON.parse((await run(['stats', '--json'])).stdout)).toMatchObject({
      last24Hours: { calls: expect.any(Number) },
    });
    expect((await run(['audit-log', 'verify'])).stdout).toMatch(/^intact, \d+ entries/);
  });

  test('init writes a read-only settings file for its owner only, and never over another', async () => {
    const file = join(folder, 'made', 'config.json');
    const args = ['--config', file, 'init', '--host', '192.0.2.1', '--private-key', '~/.ssh/id'];
    expect((await run(args)).code).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ permissions: ['read'] });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await run(args)).code).toBe(1);
  });

  test('a misspelt setting is named with the nearest one, and no value is shown', async () => {
    const file = join(folder, 'bad.json');
    writeFileSync(file, JSON.stringify({ firewalls: { a: { host: 'x', pasword: 'hunter2hunter2' } } }));
    const { code, stderr } = await run(['--config', file, 'tools']);
    expect(stderr).toContain('did you mean password?');
    expect(stderr).not.toContain('hunter2');
    expect(code).toBe(1);
  });

  test('lab prints one JSON line and ends when it is asked to', async () => {
    const child = spawn(process.execPath, [MAIN, 'lab', '--port', '0'], { env: environment });
    const line = await new Promise<string>((resolve) =>
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
    );
    const address = JSON.parse(line);
    expect(address).toEqual({
      host: '127.0.0.1',
      port: expect.any(Number),
      user: 'admin',
      password: expect.any(String),
      privateKeyFile: expect.any(String),
      hostKey: expect.stringMatching(/^SHA256:/),
      root: expect.any(String),
      pid: child.pid,
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(() => readdirSync(address.root)).toThrow();
  });
});

describe('the server', () => {
  test('speaks MCP over stdio and answers initialize quickly', async () => {
    const client = await spawnClient([MAIN], environment);
    expect(client.client.getServerVersion()).toMatchObject({ name: 'pfsense-mcp' });
    expect((await client.client.listTools()).tools).toHaveLength(READS.length);
    expect((await client.call('pf_gateway_status')).structuredContent).toMatchObject({ firewall: 'default' });
    const failed = await client.call('pf_nosuch');
    expect(failed).toMatchObject({ isError: true });
    await client.close();
  });

  test('a cancelled call is answered at once and its remote end is gone a second later', async () => {
    const client = await spawnClient([MAIN], environment);
    await client.call('pf_service_list');
    const flag = join(lab.address.root, 'var/db/lab-spin');
    writeFileSync(flag, '');
    const leave = new AbortController();
    const call = client.call('pf_service_list', {}, leave.signal);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const began = performance.now();
    leave.abort();
    await expect(call).rejects.toThrow();
    expect(performance.now() - began).toBeLessThan(250);
    rmSync(flag);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(lab.processes()).toEqual([]);
    expect((await client.call('pf_service_list')).structuredContent).toMatchObject({ running: expect.any(Number) });
    await client.close();
  });

  test('killed during a call, it leaves no process on the firewall', async () => {
    const client = await spawnClient([MAIN], environment);
    await client.call('pf_service_list');
    const flag = join(lab.address.root, 'var/db/lab-spin');
    writeFileSync(flag, '');
    const call = client.call('pf_system_status').catch(() => undefined);
    const spin = client.call('pf_service_list').catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (client.pid === undefined) throw new Error('The server has no process.');
    process.kill(client.pid, 'SIGKILL');
    await Promise.all([call, spin]);
    rmSync(flag);
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect(lab.processes()).toEqual([]);
  });

  test('speaks Streamable HTTP, with a token when one is set', async () => {
    const child = spawn(process.execPath, [MAIN, 'serve', '--http', '127.0.0.1:0'], {
      env: { ...environment, PFSENSE_MCP_HTTP_TOKEN: 'right-token' },
    });
    const url = await new Promise<string>((resolve) => {
      child.stderr.on('data', (chunk: Buffer) => {
        const found = /http:\S+/.exec(chunk.toString())?.[0];
        if (found) resolve(found);
      });
    });
    const client = await httpClient(url, 'right-token');
    expect((await client.call('pf_service_list')).structuredContent).toMatchObject({ firewall: 'default' });
    await client.close();
    const status = async (headers: Record<string, string>) =>
      (await fetch(url, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json', ...headers } }))
        .status;
    expect(await status({})).toBe(401);
    expect(await status({ authorization: 'Bearer wrong-token' })).toBe(401);
    expect(await status({ authorization: 'Bearer right-token', origin: 'https://evil.example' })).toBe(403);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  test('refuses a public address without a token', async () => {
    const { code, stderr } = await run(['serve', '--http', '0.0.0.0:0']);
    expect(stderr).toContain('[settings_invalid]');
    expect(code).toBe(1);
  });
});
