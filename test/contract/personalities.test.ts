import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { memoryStore } from '../../src/alan/memory-store.ts';
import { Settings } from '../../src/core/settings.ts';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { PERSONALITIES, type Personality } from '../../src/lab/personalities.ts';
import { createFleet, type Fleet } from '../../src/pfsense/fleet.ts';
import { AuditLog } from '../../src/policy/audit-log.ts';
import { executeTool } from '../../src/server/execute.ts';
import { TOOLS } from '../../src/tools/index.ts';
import { LAB_PHP } from './target.ts';

/** The lab alone can be told to misbehave. */
describe('a firewall with a personality', () => {
  let lab: Lab;
  let fleet: Fleet;
  let stateDir: string;
  afterEach(async () => {
    await fleet.close();
    await lab.close();
    rmSync(stateDir, { recursive: true });
  });

  async function start(...personalities: Personality[]) {
    lab = await startLab({ php: LAB_PHP, personalities });
    stateDir = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
    const { host, port, user, hostKey, privateKeyFile: privateKey } = lab.address;
    const settings = Settings.parse({
      firewalls: { fw: { host, port, user, privateKey, hostKey, sshConfig: false } },
      deadlinesMs: { firewall: 4_000, interface: 4_000 },
    });
    fleet = createFleet({ settings, store: memoryStore('a test'), stateDir });
    return (name: string, args: Record<string, unknown> = {}) => {
      const tool = TOOLS.find((candidate) => candidate.name === name);
      if (!tool) throw new Error(`There is no tool ${name}.`);
      return executeTool({ fleet, settings, audit: new AuditLog(stateDir) }, tool, args);
    };
  }

  const HARMLESS = ['2.7', '2.8', '2.9', 'banner-noise', 'shell-prompts', 'slow-php', 'wrong-exit-codes', 'disk-full'];

  test.each(HARMLESS as Personality[])('%s changes no answer', async (personality) => {
    const call = await start(personality);
    expect(await call('pf_rule_search', { limit: 1 })).toMatchObject({
      servedBy: 'fresh session',
      total: 14,
      rules: [{ counters: { packets: expect.any(Number) } }],
    });
    const { gateways } = await call('pf_gateway_status');
    expect(gateways).toContainEqual(expect.objectContaining({ name: 'WAN_DHCP', isDefault: true }));
    expect(await call('pf_service_list')).toMatchObject({ servedBy: 'warm session', stopped: 0 });
  });

  test('2.7 says so', async () => {
    const call = await start('2.7');
    expect(await call('pf_system_status')).toMatchObject({ info: { version: '2.7.2-RELEASE' } });
  });

  test('no-pfssh is served by plain PHP', async () => {
    const call = await start('no-pfssh');
    expect(await call('pf_service_list')).toMatchObject({ servedBy: 'php' });
  });

  test('config-locked ends in time as a typed error', async () => {
    const call = await start('config-locked');
    const began = performance.now();
    await expect(call('pf_service_list')).rejects.toMatchObject({ code: 'timeout' });
    expect(performance.now() - began).toBeLessThan(4_500);
  });

  test('all of them together, but for the two that leave no answer', async () => {
    const call = await start('2.7', ...(HARMLESS.slice(3) as Personality[]));
    expect(await call('pf_service_list')).toMatchObject({ stopped: 0 });
    expect(Object.keys(PERSONALITIES)).toHaveLength(HARMLESS.length + 2);
  });
});
