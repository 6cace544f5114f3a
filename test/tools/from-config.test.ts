import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { memoryStore } from '../../src/alan/memory-store.ts';
import { parseConfigXml } from '../../src/config/xml.ts';
import { PfsenseError } from '../../src/core/errors.ts';
import { configBox } from '../../src/pfsense/box.ts';
import { TOOLS } from '../../src/tools/index.ts';

const FILE = new URL('../../fixtures/lab/root/cf/conf/config.xml', import.meta.url);
const CONFIG = parseConfigXml(readFileSync(FILE, 'utf8'));

/** What a tool answers when there is a configuration and no firewall. */
async function offline(name: string, args: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const tool = TOOLS.find((one) => one.name === name);
  if (!tool) throw new Error(`There is no ${name}.`);
  const notes: string[] = [];
  const box = configBox('fw', CONFIG, AbortSignal.timeout(1_000));
  const memory = memoryStore('a test').memoryOf('fw');
  const health = () => {
    throw new Error('not asked');
  };
  const answer = await tool.run(args as never, {
    box,
    note: (text) => void notes.push(text),
    audit: () => undefined,
    memory,
    health,
  });
  return { ...answer, notes };
}

describe('from the configuration alone', () => {
  test('static maps and pools are known, leases and who is online are not', async () => {
    expect(await offline('pf_dhcp_list')).toMatchObject({
      backend: 'kea',
      servers: [{ interface: 'LAN', pools: ['192.168.1.100 - 192.168.1.199'] }],
      leases: [{ address: '192.168.1.10', kind: 'static', state: null, online: null, hostname: 'desk' }],
      notes: [expect.stringContaining('need the live firewall')],
    });
  });

  test('certificates are known completely', async () => {
    const { certificates } = await offline('pf_certificate_list');
    expect(certificates).toMatchObject([
      { name: 'Old web server', state: 'expired', usedBy: [] },
      { name: 'VPN server', usedBy: ['OpenVPN server Road warriors'] },
      { name: 'GUI certificate', usedBy: ['web GUI'] },
      { name: 'Road warrior', state: 'revoked', usedBy: ['user alice', 'OpenVPN client To head office'] },
      { name: 'Lab CA', kind: 'authority', issued: 4 },
    ]);
  });

  test('overrides are known, what runs is not', async () => {
    expect(await offline('pf_dns_get', { name: 'pc.branch.example' })).toMatchObject({
      services: [{ name: 'resolver', enabled: true, running: null }, { enabled: false }],
      answer: expect.stringContaining('10.20.0.53'),
      inUse: null,
    });
  });

  test('static routes are known, the table is not', async () => {
    expect(await offline('pf_route_list')).toMatchObject({
      routes: null,
      staticRoutes: [
        { network: '10.50.0.0/16', enabled: true, inTable: null },
        { network: '10.60.0.0/16', enabled: false, inTable: null },
      ],
    });
  });

  test('users are known with their state and the number of their keys', async () => {
    const { users } = await offline('pf_user_list');
    expect(users).toMatchObject([
      { name: 'admin', isAdministrator: true, shell: true },
      { name: 'alice', state: 'active', groups: ['support'], authorizedKeys: 2, certificates: 1, shell: false },
      { name: 'old-colleague', state: 'disabled', shell: false },
    ]);
  });

  test('packages are known, their updates are not', async () => {
    expect(await offline('pf_package_list')).toMatchObject({
      packages: [
        { name: 'System_Patches', installed: '2.2.11', available: null, update: null },
        { name: 'WireGuard', update: null },
      ],
    });
    expect(await offline('pf_package_list', { show: 'updates' })).toMatchObject({ packages: null });
  });

  test.each([
    'pf_vpn_status',
    'pf_ha_status',
    'pf_traffic_get',
    'pf_system_status',
    'pf_host_explain',
    'pf_diagnostic_run',
  ])('%s needs the firewall, and says so', async (name) => {
    const args = { pf_host_explain: { host: '10.0.0.1' }, pf_diagnostic_run: { kind: 'arp' } }[name] ?? {};
    const refusal = await offline(name, args).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(PfsenseError);
    expect(refusal).toMatchObject({ code: 'live_only' });
  });
});
