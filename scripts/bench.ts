import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStore } from '../src/alan/open.ts';
import { quantile } from '../src/alan/statistics.ts';
import type { FirewallSettings } from '../src/core/settings.ts';
import { openCatalogue } from '../src/pfsense/catalogue.ts';
import { spawnClient } from '../src/server/client.ts';
import { connect } from '../src/ssh/connection.ts';
import { memoryLatch } from '../src/ssh/latch.ts';
import { startPhpSession } from '../src/ssh/php-session.ts';
import { resolveTarget } from '../src/ssh/target.ts';
import { snippet } from '../test/contract/driver.ts';
import { openTarget } from '../test/contract/target.ts';
import { benchChanges } from './bench-changes.ts';
import { benchConfig, largeConfig } from './bench-config.ts';
import { benchReads } from './bench-reads.ts';

/**
 * Measures, in one run on one target (the lab, or what PFSENSE_TARGET names), how long the layers take, and
 * prints JSON. Times are in milliseconds.
 */
const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const CALLS = 200;

const target = await openTarget();
const settings = target.users['root'];
if (!settings) throw new Error('The target has no user root.');
const folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-bench-'));

const driver = await measureDriver(settings);
const cold = await measureCold(settings);
const stack = await measureStack(settings);
const alan = await measureAlan();
const large = largeConfig();
const config = await benchConfig(settings, large);
const reads = await benchReads(large);
const changes = await benchChanges(settings);
const ratio = (a: number | null, b: number | null): number | null => (a && b ? Math.round((a / b) * 10) / 10 : null);
process.stdout.write(
  `${JSON.stringify({ target: target.name, node: process.version, driver, cold, stack, coldToStack: ratio(cold.p50, stack.p50), alan, config, reads, changes }, null, 2)}\n`,
);
rmSync(folder, { recursive: true });
await target.close();
process.exit(0);

async function times(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const measured: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const began = performance.now();
    await work();
    measured.push(performance.now() - began);
  }
  return measured.sort((a, b) => a - b);
}

function summary(measured: readonly number[]) {
  return { calls: measured.length, p50: quantile(measured, 0.5), p95: quantile(measured, 0.95) };
}

async function open(login: FirewallSettings) {
  const signal = AbortSignal.timeout(20_000);
  return connect(await resolveTarget('bench', login), { latch: memoryLatch(), signal });
}

async function start(connection: Awaited<ReturnType<typeof open>>) {
  const runner = openCatalogue().runner();
  return startPhpSession(connection, { runner, via: 'pfSsh', lane: 'read', signal: AbortSignal.timeout(20_000) });
}

/** One warm session, a snippet that reads one configuration value. */
async function measureDriver(login: FirewallSettings) {
  const connection = await open(login);
  const php = await start(connection);
  const program = snippet('return ["host" => config_get_path("system/hostname")];');
  const call = () => php.call(program, {}, { deadlineMs: 5_000, signal: AbortSignal.timeout(6_000) });
  await call();
  const measured = await times(CALLS, call);
  await php.close();
  await connection.close();
  return summary(measured);
}

/** What a driver without sessions pays: a connection and a pfSsh.php for each call. */
async function measureCold(login: FirewallSettings) {
  const program = snippet('return ["host" => config_get_path("system/hostname")];');
  const measured = await times(10, async () => {
    const connection = await open(login);
    const php = await start(connection);
    await php.call(program, {}, { deadlineMs: 5_000, signal: AbortSignal.timeout(6_000) });
    connection.destroy();
  });
  return summary(measured);
}

/** An MCP client over stdio, the built server, SSH, PHP, and back. */
async function measureStack(login: FirewallSettings) {
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify({ firewalls: { fw: login }, stateDir: join(folder, 'state') }));
  const argv = [MAIN, '--config', file];
  const environment = { PATH: process.env['PATH'] ?? '' };
  const began = performance.now();
  const client = await spawnClient(argv, environment);
  const initializedMs = Math.round(performance.now() - began);
  const call = () => client.call('pf_config_get', { path: 'system/hostname' });
  await call();
  const measured = await times(CALLS, call);
  const parallelBegan = performance.now();
  await Promise.all(Array.from({ length: 8 }, async () => times(CALLS / 8, call)));
  const parallelMs = performance.now() - parallelBegan;
  const { structuredContent } = await client.call('pf_health');
  const handshakes = JSON.stringify(structuredContent).match(/"handshakes":(\d+)/)?.[1];
  const residentMegabytes = client.pid === undefined ? null : await resident(client.pid);
  await client.close();
  return {
    ...summary(measured),
    handshakes: Number(handshakes),
    callsPerSecondAt8: Math.round((CALLS / parallelMs) * 1000),
    initializedMs,
    residentMegabytes,
  };
}

function resident(pid: number): Promise<number> {
  return new Promise((resolve) => {
    const ps = spawn('ps', ['-o', 'rss=', '-p', String(pid)]);
    let text = '';
    ps.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    ps.on('close', () => resolve(Math.round(Number(text) / 1024)));
  });
}

/** Cost of recording one call, the later writing to disk included. */
async function measureAlan() {
  const store = await openStore({ folder: join(folder, 'alan'), retentionDays: 1, maxMegabytes: 100 });
  const call = {
    tool: 'pf_bench',
    firewall: 'fw',
    complexity: 'simple',
    durationMs: 1,
    success: true,
    errorType: undefined,
    isCensored: false,
    rung: undefined,
    preview: '{}',
    at: Date.now(),
  } as const;
  const count = 5_000;
  const began = performance.now();
  for (let n = 0; n < count; n += 1) store.record(call);
  store.calls(Date.now());
  const perCall = (performance.now() - began) / count;
  store.close();
  return { store: store.kind, perCallMs: Math.round(perCall * 10_000) / 10_000 };
}
