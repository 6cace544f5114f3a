import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { memoryStore } from '../../src/alan/memory-store.ts';
import { Settings } from '../../src/core/settings.ts';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { createFleet, type Fleet } from '../../src/pfsense/fleet.ts';
import { AuditLog } from '../../src/policy/audit-log.ts';
import { executeTool } from '../../src/server/execute.ts';
import { TOOLS } from '../../src/tools/index.ts';
import { eventually } from './driver.ts';
import { LAB_PHP } from './target.ts';

/** The lab alone: a firewall that somebody needs is not taken apart. */
describe('when parts of the firewall fail', () => {
  let lab: Lab;
  let stateDir: string;
  let fleet: Fleet;
  beforeEach(async () => {
    lab = await startLab({ php: LAB_PHP });
    stateDir = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
    copyFileSync(lab.address.privateKeyFile, join(stateDir, 'key'));
    fleet = newFleet();
  });
  afterEach(async () => {
    await fleet.close();
    await lab.close();
    rmSync(stateDir, { recursive: true });
  });

  function settings(): Settings {
    const { host, port, user, hostKey } = lab.address;
    const privateKey = join(stateDir, 'key');
    return Settings.parse({
      firewalls: { fw: { host, port, user, privateKey, hostKey, sshConfig: false } },
      deadlinesMs: { simple: 3_000, interface: 3_000, firewall: 3_000, config: 3_000 },
    });
  }

  function newFleet(): Fleet {
    return createFleet({ settings: settings(), store: memoryStore('a test'), stateDir });
  }

  function call(name: string, args: Record<string, unknown> = {}) {
    const tool = TOOLS.find((candidate) => candidate.name === name);
    if (!tool) throw new Error(`There is no tool ${name}.`);
    return executeTool({ fleet, settings: settings(), audit: new AuditLog(stateDir) }, tool, args);
  }

  const lose = (path: string): void => renameSync(join(lab.address.root, path), join(lab.address.root, `${path}.lost`));
  const copied = () => eventually(async () => existsSync(join(stateDir, 'last-known-good', 'fw.json')), 5_000);

  test('all is well: the first call starts a session, the second finds it warm', async () => {
    expect(await call('pf_service_list')).toMatchObject({ servedBy: 'fresh session' });
    expect(await call('pf_service_list')).toMatchObject({ servedBy: 'warm session' });
  });

  test('without pfSsh.php plain PHP serves', async () => {
    lose('usr/local/sbin/pfSsh.php');
    expect(await call('pf_service_list')).toMatchObject({ servedBy: 'php', running: expect.any(Number) });
  });

  test('without PHP the configuration file answers what it can, and live status is refused', async () => {
    lose('etc/inc/config.inc');
    const rules = await call('pf_rule_search', { limit: 1 });
    expect(rules).toMatchObject({ servedBy: 'config file', total: 14, notes: [expect.stringContaining('Counters')] });
    expect(await call('pf_config_get', { path: 'system/hostname' })).toMatchObject({
      section: 'lab-fw',
      servedBy: 'config file',
    });
    await expect(call('pf_service_list')).rejects.toMatchObject({ code: 'php_unavailable' });
  });

  test('without the firewall the last known configuration answers, marked with its age and without secrets', async () => {
    await call('pf_service_list');
    expect(await copied()).toBe(true);
    await lab.close();
    const rules = await call('pf_rule_search', { limit: 1 });
    expect(rules).toMatchObject({ servedBy: 'last known good', stale: { ageMs: expect.any(Number) }, total: 14 });
    const users = JSON.stringify(await call('pf_config_get', { path: 'system/user' }));
    expect(users).toContain('‹bcrypt-hash:');
    await expect(call('pf_service_list')).rejects.toMatchObject({ code: 'unreachable' });
    lab = await startLab();
  });

  test('a session that ended by itself is replaced within the same call', async () => {
    await call('pf_service_list');
    for (const process of lab.processes()) process.kill();
    expect(await eventually(async () => lab.processes().length === 0, 2_000)).toBe(true);
    expect(await call('pf_service_list')).toMatchObject({ servedBy: 'fresh session' });
  });

  test('new code on the firewall ends the sessions that hold the old one', async () => {
    await call('pf_service_list');
    writeFileSync(join(lab.address.root, 'etc/version'), '2.8.10-RELEASE\n');
    expect(await call('pf_system_status')).toMatchObject({
      servedBy: 'fresh session',
      info: { version: '2.8.10-RELEASE' },
    });
  });

  test('a configuration that cannot be read is said so, is left alone, and is read again when it is whole', async () => {
    const file = join(lab.address.root, 'cf/conf/config.xml');
    const whole = readFileSync(file, 'utf8');
    await call('pf_config_get', { path: 'system/hostname' });
    writeFileSync(file, whole.slice(0, 5_000));
    await expect(call('pf_config_get', { path: 'system/hostname' })).rejects.toMatchObject({
      code: 'config_unreadable',
    });
    expect(readFileSync(file, 'utf8')).toBe(whole.slice(0, 5_000));
    writeFileSync(file, whole);
    expect(await call('pf_config_get', { path: 'system/hostname' })).toMatchObject({ section: 'lab-fw' });
  });

  test('two writes right after one another never leave the first one in an answer', async () => {
    const file = join(lab.address.root, 'cf/conf/config.xml');
    const original = readFileSync(file, 'utf8');
    const named = (name: string): string => original.replace('<hostname>lab-fw<', `<hostname>${name}<`);
    for (let turn = 0; turn < 10; turn += 1) {
      writeFileSync(file, named(`one-${turn}`));
      const during = call('pf_config_get', { path: 'system/hostname' });
      await new Promise((resolve) => setTimeout(resolve, turn));
      writeFileSync(file, named(`two-${turn}`));
      await during.catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      expect(await call('pf_config_get', { path: 'system/hostname' })).toMatchObject({ section: `two-${turn}` });
    }
  });

  test('a configuration that somebody else wrote is seen by the next call', async () => {
    expect(await call('pf_config_get', { path: 'system/hostname' })).toMatchObject({ section: 'lab-fw' });
    const file = join(lab.address.root, 'cf/conf/config.xml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('<hostname>lab-fw<', '<hostname>renamed<'));
    expect(await call('pf_config_get', { path: 'system/hostname' })).toMatchObject({
      section: 'renamed',
      servedBy: 'warm session',
    });
  });
});
