import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryStore } from '../../src/alan/memory-store.ts';
import { CLASS_FLOOR_MS } from '../../src/core/bounds.ts';
import { Settings } from '../../src/core/settings.ts';
import { createFleet, type Fleet } from '../../src/pfsense/fleet.ts';
import { AuditLog } from '../../src/policy/audit-log.ts';
import { executeTool } from '../../src/server/execute.ts';
import { TOOLS } from '../../src/tools/index.ts';
import { openTarget, type Target } from './target.ts';

/** Learning brings the deadlines of reads down to their floors: no part of an answer may be left out for that. */
let target: Target;
let fleet: Fleet;
let settings: Settings;
let stateDir: string;
beforeAll(async () => {
  target = await openTarget();
  stateDir = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
  const { simple, interface: medium, firewall, config } = CLASS_FLOOR_MS;
  settings = Settings.parse({
    firewalls: { fw: target.users['root'] },
    deadlinesMs: { simple, interface: medium, firewall, config },
  });
  fleet = createFleet({ settings, store: memoryStore('a test'), stateDir });
  // The first call pays for the connection.
  await fleet.get('fw').run({ tool: 'a test', complexity: 'config', effect: 'read', preview: '' }, async (box) => {
    box.signal.throwIfAborted();
  });
  await call('pf_config_get', { path: 'system/hostname' });
});
afterAll(async () => {
  await fleet.close();
  await target.close();
  rmSync(stateDir, { recursive: true });
});

function call(name: string, args: Record<string, unknown> = {}) {
  const tool = TOOLS.find((candidate) => candidate.name === name);
  if (!tool) throw new Error(`There is no tool ${name}.`);
  return executeTool({ fleet, settings, audit: new AuditLog(stateDir) }, tool, args);
}

test('pf_system_status looks at everything within the shortest time that it may get', async () => {
  expect(await call('pf_system_status')).toMatchObject({
    attention: { servicesStopped: expect.any(Array), gatewaysNotOnline: expect.any(Array) },
  });
});

test('pf_service_list asks for every service', async () => {
  const { services } = await call('pf_service_list');
  expect((services as { running: unknown }[]).filter(({ running }) => running === null)).toEqual([]);
});

test('pf_vpn_status asks every OpenVPN server', async () => {
  const answer = await call('pf_vpn_status', { kind: 'openvpn' });
  expect(JSON.stringify(answer)).not.toContain('"connections":null');
});

test('pf_host_explain counts states and asks for the reverse name', async () => {
  const answer = await call('pf_host_explain', { host: '192.168.1.10' });
  expect(answer).toMatchObject({ states: { count: expect.any(Number) }, vpn: expect.any(Array) });
});
