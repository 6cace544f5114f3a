import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { monotonicMs } from '../core/clock.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { type McpClient, type Person, spawnClient } from '../server/client.ts';
import { approver, confirmedChange, leftAlone, refusedChange, undone } from './demo/changes.ts';
import { liveReads, offlineReads } from './demo/reads.ts';
import { health, latency, runaway } from './demo/reliability.ts';
import { duration, say } from './demo/screen.ts';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));

/** Shows the main job on the simulated firewall: every number is measured in this run. Returns the exit code. */
export async function demo(): Promise<number> {
  say('A simulated firewall: real PHP and the real snippets, everything below PHP is made up.');
  const began = monotonicMs();
  const lab = await startLab();
  const { host, port, hostKey } = lab.address;
  say(`lab up at ${host}:${port} after ${duration(monotonicMs() - began)}, host key pinned: ${hostKey}`);
  const folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-demo-'));
  try {
    await onLab(folder, lab, ['read'], async (client) => {
      const coldMs = await liveReads(client);
      await runaway(client, lab);
      await latency(client, coldMs);
      await health(client);
    });
    await onLab(folder, lab, ['read', 'config'], async (client) => {
      await confirmedChange(client);
      await refusedChange(client);
      const plan = await leftAlone(client);
      // While the firewall waits for a confirmation that does not come:
      const document = join(lab.address.root, 'cf/conf/config.xml');
      await withClient(['--config-file', document], folder, offlineReads);
      await undone(client, plan);
    });
    return 0;
  } finally {
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function onLab(
  folder: string,
  lab: Lab,
  permissions: readonly string[],
  use: (client: McpClient) => Promise<void>,
): Promise<void> {
  return withClient(['--config', writeSettings(folder, lab, permissions)], folder, use, approver);
}

async function withClient(
  flags: readonly string[],
  folder: string,
  use: (client: McpClient) => Promise<void>,
  person?: Person,
): Promise<void> {
  // Settings of the person who tries the demo stay out of it.
  const environment = { PATH: process.env['PATH'] ?? '', HOME: folder, PFSENSE_MCP_STATE: join(folder, 'state') };
  const client = await spawnClient([MAIN, ...flags], environment, person);
  try {
    await use(client);
  } finally {
    await client.close();
  }
}

function writeSettings(folder: string, { address }: Lab, permissions: readonly string[]): string {
  const { host, port, user, privateKeyFile: privateKey, hostKey } = address;
  const firewall = { host, port, user, privateKey, hostKey, sshConfig: false };
  const settings = {
    firewalls: { lab: firewall },
    permissions,
    deadlinesMs: { interface: 3_000 },
  };
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(settings), { mode: 0o600 });
  return file;
}
