import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spawnClient } from '../../src/server/client.ts';
import { READS } from '../reads.ts';

const MAIN = new URL('../../dist/cli/main.js', import.meta.url).pathname;
const CONF = new URL('../../fixtures/lab/root/cf/conf', import.meta.url).pathname;

let folder: string;
let backups: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
  backups = join(folder, 'backups');
  mkdirSync(backups);
  copyFileSync(join(CONF, 'config.xml'), join(backups, 'z-today.xml'));
  copyFileSync(join(CONF, 'backup/config-1794990000.xml'), join(backups, 'a.xml'));
  copyFileSync(join(CONF, 'backup/config-1794900000.xml'), join(backups, 'm.xml'));
  writeFileSync(join(backups, 'notes.txt'), 'not a configuration');
  writeFileSync(join(backups, 'other.xml'), '<opnsense></opnsense>');
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...env }, timeout: 30_000 };
    execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

async function call(tool: string, args: Record<string, unknown> = {}, path = join(CONF, 'config.xml')) {
  const { stdout } = await run(['--config-file', path, 'call', tool, JSON.stringify(args), '--json']);
  return JSON.parse(stdout);
}

/** Tools that do not answer without these. */
const NEEDED: Readonly<Record<string, Record<string, unknown>>> = {
  pf_host_explain: { host: '192.168.1.10' },
  pf_path_explain: { source: '192.168.1.10', destination: '9.9.9.9' },
  pf_diagnostic_run: { kind: 'arp' },
  pf_packet_capture: { interface: 'LAN' },
};

describe('one file in the place of a firewall', () => {
  test('answers with its rules', async () => {
    const { result } = await call('pf_rule_search', { text: 'guest' });
    expect(result).toMatchObject({
      firewall: 'offline',
      servedBy: 'offline file',
      stale: { ageMs: expect.any(Number) },
      total: 4,
    });
    expect(result.notes).toEqual([expect.stringContaining('Counters could not be read')]);
  });

  test('answers with its sections, without secrets', async () => {
    const { result } = await call('pf_config_get', { path: 'ipsec' });
    expect(JSON.stringify(result)).toContain('‹pre-shared-key:');
    expect(JSON.stringify(result)).not.toContain('lab-only');
  });

  test('says who it was, with everything live null', async () => {
    const { result } = await call('pf_system_status', { detail: 'detailed' });
    expect(result).toMatchObject({
      info: {
        hostname: 'lab-fw',
        configVersion: '24.0',
        now: null,
        uptimeSeconds: null,
        lastChange: { by: expect.stringContaining('admin@') },
      },
      status: { loadAverage: null, states: null },
      notes: [expect.stringContaining('not asked')],
    });
  });

  test('lists interfaces and gateways with what a file can know', async () => {
    const { result } = await call('pf_interface_list');
    expect(result.interfaces).toContainEqual(
      expect.objectContaining({
        id: 'opt1',
        description: 'GUEST',
        ipv4: { address: '192.168.20.1', prefix: 24, assignedBy: 'static' },
        vlan: { parent: 'igb1', tag: 20 },
        status: 'not asked',
      }),
    );
    expect(result.interfaces).toContainEqual(expect.objectContaining({ id: 'wan', ipv4: null }));
    const gateways = (await call('pf_gateway_status')).result;
    expect(gateways.gateways).toContainEqual(
      expect.objectContaining({ name: 'WAN2GW', state: 'unknown', lossPercent: null }),
    );
    expect(gateways.groups).toEqual([expect.objectContaining({ name: 'Failover', tierInUse: null })]);
  });

  test('tells of a host, the tunnels and the cluster what stands in it, with everything live null', async () => {
    const host = (await call('pf_host_explain', { host: '192.168.1.10' })).result;
    expect(host).toMatchObject({
      interface: 'LAN',
      staticMap: { hostname: 'desk' },
      online: null,
      lease: null,
      states: null,
      vpn: null,
      notes: [expect.stringContaining('saved configuration')],
    });
    const vpn = (await call('pf_vpn_status')).result;
    expect(vpn.tunnels).toHaveLength(6);
    expect(vpn.notes).toEqual([expect.stringContaining('no daemon was asked')]);
    expect(JSON.stringify(vpn)).not.toContain('bGFiLW9ubHktd2lyZWd1YXJk');
    const cluster = (await call('pf_ha_status')).result;
    expect(cluster).toMatchObject({
      role: null,
      carp: null,
      addresses: [{ address: '192.168.1.254/24', state: null }],
      configSync: { to: '192.168.1.3' },
    });
  });

  test('tells which certificates expire, as the list of certificates does', async () => {
    const { attention } = (await call('pf_system_status')).result;
    const names = attention.certificatesExpiring.map(({ name }: { name: string }) => name);
    expect(names).toEqual(['VPN server', 'Old web server']);
  });

  test.each(['pf_service_list', 'pf_log_search'])(
    '%s is told to need a live firewall, and that nothing went wrong',
    async (tool) => {
      const { stdout, code } = await run(['--config-file', join(CONF, 'config.xml'), 'call', tool, '--json']);
      const { error } = JSON.parse(stdout);
      expect(error).toMatchObject({
        code: 'live_only',
        retryable: false,
        sideEffect: 'none',
        hint: expect.stringContaining('PFSENSE_HOST'),
      });
      expect(code).toBe(1);
      const { stdout: stats } = await run(['stats', '--json']);
      expect(JSON.parse(stats).last24Hours.successRate).toBe(1);
    },
  );

  test('every tool has one of the two outcomes', async () => {
    for (const { name, target } of READS.filter((tool) => tool.target !== 'local')) {
      const { ok, result, error } = await call(name, NEEDED[name] ?? {});
      expect([name, target, ok ? result.servedBy : error.code]).toEqual([
        name,
        'firewall',
        ok ? 'offline file' : 'live_only',
      ]);
    }
  }, 90_000);

  test('does not know whether a lease has the name that its configuration lacks', async () => {
    const { error } = await call('pf_host_explain', { host: 'nosuch-host' });
    expect(error).toMatchObject({ code: 'not_found', message: expect.stringContaining('leases were not looked at') });
  });

  test('has no history', async () => {
    const { result } = await call('pf_config_history');
    expect(result).toMatchObject({ total: 1, notes: [expect.stringContaining('Nothing older')] });
  });
});

describe('a folder of backups', () => {
  const ask = (args: Record<string, unknown> = {}) => call('pf_config_history', args, backups);

  test('is a history whose newest file is in force', async () => {
    const { result } = await ask();
    expect(result.revisions.map(({ id }: { id: string }) => id)).toEqual(['current', '1794990000', '1794900000']);
    expect(result.revisions[2]).toMatchObject({
      by: 'maria@192.168.1.11 (Local Database)',
      description: expect.stringContaining('<b>edited</b>'),
    });
    expect(result.notes).toEqual(['1 files are no configurations that could be read.']);
  });

  test('tells what changed between two of them', async () => {
    const { result } = await ask({ from: '1794900000', to: '1794990000' });
    expect(result.changes.map(({ change }: { change: string }) => change)).toEqual([
      "alias 'web_server' address changed: 10.10.0.8 → 10.10.0.80",
      "rule 'Old VoIP provider' on LAN disabled set",
      expect.stringMatching(
        /^IPsec phase 1 'Branch office' pre-shared-key changed: ‹pre-shared-key:[0-9a-f]{6}› → ‹pre-shared-key:[0-9a-f]{6}›$/,
      ),
    ]);
  });

  test('tells who changed an object, and when', async () => {
    const { result } = await ask({ object: 'filter/rule/1700000005' });
    expect(result.revisions).toEqual([
      expect.objectContaining({
        id: 'current',
        changes: ["rule 'No way to known bad hosts' on LAN moved from 3 to 2"],
      }),
    ]);
    expect((await ask({ object: 'aliases/alias/web_server' })).result.revisions).toEqual([
      expect.objectContaining({ id: '1794990000', by: expect.stringContaining('admin@') }),
    ]);
    expect((await ask({ object: 'filter/rule/1700000001' })).result).toMatchObject({
      revisions: [],
      notes: expect.arrayContaining([expect.stringContaining('kept history begins at 2026-')]),
    });
  });

  test('gives an older section', async () => {
    const { result } = await call(
      'pf_config_get',
      { path: 'aliases/alias/1/address', revision: '1794900000' },
      backups,
    );
    expect(result.section).toBe('10.10.0.8');
  });
});

describe('settings', () => {
  test('the environment names the file, and the flag beats it', async () => {
    const environment = { PFSENSE_CONFIG_FILE: join(folder, 'nosuch.xml') };
    const wrong = await run(['call', 'pf_rule_search', '--json'], environment);
    expect(JSON.parse(wrong.stdout).error).toMatchObject({
      code: 'config_unreadable',
      message: expect.not.stringContaining(folder),
    });
    const right = await run(['--config-file', backups, 'call', 'pf_rule_search', '--json'], environment);
    expect(JSON.parse(right.stdout).ok).toBe(true);
  });

  test('with a file no firewall is contacted, and that is said', async () => {
    const environment = { PFSENSE_HOST: '192.0.2.1', PFSENSE_CONFIG_FILE: backups };
    const { stdout, stderr } = await run(['call', 'pf_rule_search', '--json'], environment);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, result: { servedBy: 'offline file' } });
    expect(stderr).toContain('not contacted');
  });

  test('several files are firewalls by their names, and are compared as far as they say', async () => {
    const settings = join(folder, 'files.json');
    const files = { one: join(CONF, 'config.xml'), two: join(folder, 'two.xml') };
    const text = readFileSync(files.one, 'utf8');
    writeFileSync(
      files.two,
      text.replace('<advskew>0<', '<advskew>100<').replace(/<synchronize.*<\/synchronizealiases>/, ''),
    );
    writeFileSync(settings, JSON.stringify({ configFiles: files }));
    const ask = async (args: object) =>
      JSON.parse((await run(['--config', settings, 'call', 'pf_ha_status', JSON.stringify(args), '--json'])).stdout);
    const { result } = await ask({ firewall: 'one', compareWith: 'two' });
    expect(result).toMatchObject({
      firewall: 'one',
      servedBy: 'offline file',
      comparison: { compared: 2, pair: { sender: 'one', failover: 'unknown' }, differences: [] },
    });
    expect(result.comparison.pair.because.join(' ')).toContain('CARP state of 192.168.1.254');
    writeFileSync(files.two, '<opnsense></opnsense>');
    expect((await ask({ firewall: 'one', compareWith: '*' })).result.comparison).toMatchObject({
      compared: 1,
      couldNotLook: [{ firewall: 'two', code: 'config_unreadable' }],
    });
    const { stdout } = await run(['--config', settings, 'doctor', '--json']);
    expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ ok: false }));
  });

  test('compareWith is no argument while there is one firewall', async () => {
    const { error } = await call('pf_ha_status', { compareWith: '*' });
    expect(error).toMatchObject({ code: 'bad_input', message: expect.stringContaining('compareWith') });
  });

  test('doctor looks at the file', async () => {
    const good = await run(['doctor', '--json'], { PFSENSE_CONFIG_FILE: backups });
    expect(JSON.parse(good.stdout)).toContainEqual({
      step: 'config file',
      ok: true,
      detail: 'readable, with 2 older ones',
      fix: null,
    });
    expect(good.code).toBe(0);
    expect((await run(['doctor', '--json'], { PFSENSE_CONFIG_FILE: folder })).code).toBe(1);
  });

  test('a server sees a file that was replaced', async () => {
    const file = join(folder, 'changing.xml');
    copyFileSync(join(CONF, 'config.xml'), file);
    const client = await spawnClient([MAIN, '--config-file', file], { PATH: process.env['PATH'] ?? '', HOME: folder });
    const hostname = async () =>
      (await client.call('pf_config_get', { path: 'system/hostname' })).structuredContent?.['section'];
    expect(await hostname()).toBe('lab-fw');
    writeFileSync(file, readFileSync(file, 'utf8').replace('<hostname>lab-fw', '<hostname>renamed-fw'));
    expect(await hostname()).toBe('renamed-fw');
    const { content } = await client.call('pf_rule_search', { limit: 1 });
    expect(content[0]?.type === 'text' && content[0].text).toMatch(
      /^NOT LIVE: \d+ (?:s|hours|days) old, from a configuration file\. /,
    );
    writeFileSync(file, readFileSync(file, 'utf8').replace(/<revision>[\s\S]*?<\/revision>/, ''));
    const { content: undated, structuredContent } = await client.call('pf_rule_search', { limit: 1 });
    expect(structuredContent).not.toHaveProperty('stale');
    expect(undated[0]?.type === 'text' && undated[0].text).toMatch(
      /^NOT LIVE: age unknown, from a configuration file\. /,
    );
    await client.close();
  });
});
