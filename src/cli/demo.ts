import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { monotonicMs } from '../core/clock.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { type McpClient, spawnClient } from '../server/client.ts';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));
const WARM_CALLS = 50;
const SHOWN_CHARS = 400;

/** Shows the main job on the simulated firewall: every number is measured in this run. Returns the exit code. */
export async function demo(): Promise<number> {
  say('A simulated firewall: real PHP and the real snippets, everything below PHP is made up.');
  const began = monotonicMs();
  const lab = await startLab();
  const { host, port, hostKey } = lab.address;
  say(`lab up at ${host}:${port} after ${since(began)}, host key pinned: ${hostKey}`);
  const folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-demo-'));
  const client = await spawnClient([MAIN, '--config', writeSettings(folder, lab)], { PATH: process.env['PATH'] ?? '' });
  try {
    await tour(client);
    await runaway(client, lab);
    await latency(client);
    await health(client);
    return 0;
  } finally {
    await client.close();
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeSettings(folder: string, { address }: Lab): string {
  const { host, port, user, privateKeyFile: privateKey, hostKey } = address;
  const firewall = { host, port, user, privateKey, hostKey, sshConfig: false };
  const settings = {
    firewalls: { lab: firewall },
    permissions: ['read'],
    stateDir: join(folder, 'state'),
    deadlinesMs: { interface: 3_000 },
  };
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(settings), { mode: 0o600 });
  return file;
}

async function tour(client: McpClient): Promise<void> {
  const { tools } = await client.client.listTools();
  say(`\nAn MCP client over stdio sees ${tools.length} tools, all of them only read.`);
  await show(client, 'pf_system_status');
  await show(client, 'pf_interface_list', { interface: 'LAN' });
  await show(client, 'pf_gateway_status');
  await show(client, 'pf_rule_search', { text: 'guest', limit: 3 });
  await show(client, 'pf_service_list');
  await show(client, 'pf_config_get', { path: 'ipsec/phase1' });
  await show(client, 'pf_config_history', { from: '1794900000' });
  await show(client, 'pf_log_search', { text: 'password', limit: 2 });
}

async function show(client: McpClient, tool: string, args: Record<string, unknown> = {}): Promise<void> {
  const began = monotonicMs();
  const text = await answer(client, tool, args);
  const shown = text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}… (${text.length} characters)` : text;
  say(`\n> ${tool} ${JSON.stringify(args)}   ${since(began)}\n${shown}`);
}

async function answer(client: McpClient, tool: string, args: Record<string, unknown> = {}): Promise<string> {
  const { content } = await client.call(tool, args);
  const [first] = content;
  return first?.type === 'text' ? first.text : '';
}

/** PHP that never comes back: the driver kills it at the deadline and serves the next call. */
async function runaway(client: McpClient, lab: Lab): Promise<void> {
  const flag = join(lab.address.root, 'var/db/lab-spin');
  writeFileSync(flag, '');
  say('\nA runaway: PHP on the firewall now spins for ever in the next call (deadline of its class: 3 s).');
  await show(client, 'pf_service_list', { state: 'stopped' });
  rmSync(flag);
  const left = lab.processes().filter(({ args }) => args.includes('pfSsh.php')).length;
  say(`\nPHP processes on the firewall now: ${left}. The next call gets an answer again:`);
  await show(client, 'pf_service_list', { state: 'stopped' });
}

async function latency(client: McpClient): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < WARM_CALLS; round += 1) {
    const began = monotonicMs();
    await answer(client, 'pf_rule_search', { limit: 1 });
    times.push(monotonicMs() - began);
  }
  times.sort((a, b) => a - b);
  const warm = times[Math.floor(WARM_CALLS / 2)] ?? 0;
  const cold = await coldMs(client);
  say(`\nWhole way from the client and back, warm: p50 ${warm.toFixed(2)} ms of ${WARM_CALLS} calls.`);
  say(
    `The first call of this run, with connecting and starting PHP: ${cold.toFixed(0)} ms (${(cold / warm).toFixed(0)} times as long).`,
  );
}

/** The first call was recorded by A.L.A.N. like every other. */
async function coldMs(client: McpClient): Promise<number> {
  const { structuredContent } = await client.call('pf_health');
  const day = structuredContent?.['last24Hours'];
  const classes = typeof day === 'object' && day !== null && 'byComplexity' in day ? day.byComplexity : {};
  const simple = typeof classes === 'object' && classes !== null && 'simple' in classes ? classes.simple : {};
  return typeof simple === 'object' && simple !== null && 'p99Ms' in simple ? Number(simple.p99Ms) : 0;
}

async function health(client: McpClient): Promise<void> {
  const { structuredContent } = await client.call('pf_health');
  say(`\n> pf_health (NEVERHANG and A.L.A.N., numbers of this run)\n${JSON.stringify(structuredContent, null, 1)}`);
}

function since(began: number): string {
  const ms = monotonicMs() - began;
  return ms < 1_000 ? `${ms.toFixed(1)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
