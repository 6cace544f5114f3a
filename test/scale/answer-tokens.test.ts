import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryStore } from '../../src/alan/memory-store.ts';
import { createLogger } from '../../src/core/log.ts';
import { Settings } from '../../src/core/settings.ts';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { createFleet, type Fleet } from '../../src/pfsense/fleet.ts';
import { AuditLog } from '../../src/policy/audit-log.ts';
import { type McpClient, memoryClient } from '../../src/server/client.ts';
import { createServer } from '../../src/server/mcp.ts';
import { TOOLS } from '../../src/tools/index.ts';
import { labTarget } from '../contract/target.ts';
import { READS } from '../reads.ts';
import { largeConfig } from './large-config.ts';
import { iscLeases, keaLeases, withServices } from './large-services.ts';

const STATES = 5_000;
const LEASES = 300;
const SIZE = { certificates: 60, users: 40, vpnServers: 5, overrides: 100, staticMaps: 60 };
const CLIENTS_OF_SERVER = 50;

/** What one answer may cost when nothing was said about size, in tokens. */
const MOST_CONCISE = 2_500;

/** What people ask, with nothing said about size. */
const CONCISE: readonly (readonly [string, Record<string, unknown>])[] = [
  ['pf_rule_search', {}],
  ['pf_rule_search', { interface: 'SEGMENT_1' }],
  ['pf_rule_search', { text: 'service 7', action: 'pass' }],
  ['pf_rule_search', { state: 'disabled' }],
  ['pf_rule_search', { include: 'hidden' }],
  ['pf_nat_list', {}],
  ['pf_nat_list', { kind: 'outbound' }],
  ['pf_alias_search', {}],
  ['pf_alias_search', { address: '10.3.3.12' }],
  ['pf_alias_search', { text: 'hosts_4' }],
  ['pf_alias_search', { kind: 'table' }],
  ['pf_alias_search', { kind: 'schedule' }],
  ['pf_state_search', {}],
  ['pf_state_search', { address: '192.168.1.50' }],
  ['pf_state_search', { top: 'bytes' }],
  ['pf_state_search', { top: 'sources' }],
  ['pf_state_search', { top: 'destinations' }],
  ['pf_log_search', {}],
  ['pf_log_search', { log: 'filter' }],
  ['pf_log_search', { log: 'all' }],
  ['pf_log_search', { address: '203.0.113.0/24', action: 'block' }],
  ['pf_system_status', {}],
  ['pf_interface_list', {}],
  ['pf_gateway_status', {}],
  ['pf_route_list', {}],
  ['pf_traffic_get', {}],
  ['pf_traffic_get', { kind: 'talkers', seconds: 1 }],
  ['pf_traffic_get', { kind: 'series' }],
  ['pf_service_list', {}],
  ['pf_dhcp_list', {}],
  ['pf_dhcp_list', { kind: 'static' }],
  ['pf_dhcp_list', { text: 'laptop-77' }],
  ['pf_certificate_list', {}],
  ['pf_certificate_list', { withinDays: 30 }],
  ['pf_vpn_status', {}],
  ['pf_vpn_status', { text: 'person-17' }],
  ['pf_dns_get', {}],
  ['pf_dns_get', { name: 'server-7.corp.example' }],
  ['pf_user_list', {}],
  ['pf_user_list', { text: 'person-3' }],
  ['pf_ha_status', {}],
  ['pf_package_list', {}],
  ['pf_package_list', { show: 'available' }],
  ['pf_config_get', {}],
  ['pf_config_get', { path: 'filter/rule' }],
  ['pf_config_get', { path: 'aliases/alias/7' }],
  ['pf_config_history', {}],
  ['pf_host_explain', { host: '10.1.1.78' }],
  ['pf_path_explain', { source: '10.1.1.78', destination: '9.9.9.9', port: 443 }],
  ['pf_diagnostic_run', { kind: 'arp' }],
  ['pf_diagnostic_run', { kind: 'pf_tables' }],
  ['pf_diagnostic_run', { kind: 'sockets' }],
  ['pf_packet_capture', { interface: 'wan', seconds: 1 }],
  ['pf_health', {}],
];

/** The most that can be asked for in one call. */
const GREEDY = CONCISE.map(([tool, args]): readonly [string, Record<string, unknown>] => {
  const known = Object.keys(TOOLS.find(({ name }) => name === tool)?.input.shape ?? {});
  const most = { limit: 200, detail: 'detailed' };
  return [tool, { ...args, ...Object.fromEntries(Object.entries(most).filter(([name]) => known.includes(name))) }];
});

let folder: string;
let lab: Lab;
let fleet: Fleet;
let client: McpClient;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
  const config = join(folder, 'config.xml');
  writeFileSync(config, withServices(largeConfig({ rules: 200, aliases: 100 }), SIZE));
  lab = await startLab({ config });
  const write = (path: string, text: string) => writeFileSync(join(lab.address.root, path), text);
  write('var/db/lab-states', String(STATES));
  write('var/db/lab-openvpn-clients', String(CLIENTS_OF_SERVER));
  write('var/lib/kea/dhcp4.leases', keaLeases(LEASES));
  write('var/dhcpd/var/db/dhcpd.leases', iscLeases(LEASES));
  const settings = Settings.parse({ firewalls: { fw: labTarget(lab).users['root'] } });
  fleet = createFleet({ settings, store: memoryStore('a test'), stateDir: folder });
  const parts = { settings, fleet, audit: new AuditLog(folder), logger: createLogger('silent'), version: '0' };
  client = await memoryClient(createServer(parts));
}, 60_000);
afterAll(async () => {
  await client.close();
  await fleet.close();
  await lab.close();
  rmSync(folder, { recursive: true });
});

async function ask(tool: string, args: Record<string, unknown>) {
  const { isError, content, structuredContent } = await client.call(tool, args);
  const [first] = content;
  const text = first?.type === 'text' ? first.text : '';
  if (isError || !structuredContent) throw new Error(text);
  return { tokens: encode(text).length, answer: structuredContent };
}

describe('answers about a firewall with 200 rules, 100 aliases, 600 leases, 5,000 states, 250 VPN users', () => {
  test('are asked of every tool', () => {
    expect([...new Set(CONCISE.map(([tool]) => tool))].toSorted()).toEqual(READS.map(({ name }) => name).toSorted());
  });

  test('see all of it', async () => {
    expect((await ask('pf_rule_search', {})).answer).toMatchObject({ total: 200 });
    expect((await ask('pf_alias_search', {})).answer).toMatchObject({ total: 100 });
    expect((await ask('pf_state_search', {})).answer).toMatchObject({ total: STATES });
    expect((await ask('pf_dhcp_list', {})).answer).toMatchObject({ total: 2 * LEASES + SIZE.staticMaps });
    expect((await ask('pf_certificate_list', {})).answer).toMatchObject({ total: SIZE.certificates });
    expect((await ask('pf_user_list', {})).answer).toMatchObject({ total: SIZE.users });
    const { tunnels } = (await ask('pf_vpn_status', {})).answer;
    expect(tunnels).toHaveLength(SIZE.vpnServers);
    expect(tunnels).toMatchObject([{ openvpn: { connected: CLIENTS_OF_SERVER } }, {}, {}, {}, {}]);
  });

  test('cost at most 1,500 tokens in the median when nothing is said about size', async () => {
    const costs: [number, string][] = [];
    for (const [tool, args] of CONCISE) costs.push([(await ask(tool, args)).tokens, `${tool} ${JSON.stringify(args)}`]);
    const sorted = costs.toSorted(([a], [b]) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]?.[0]).toBeLessThanOrEqual(1_500);
    expect(sorted.filter(([tokens]) => tokens > MOST_CONCISE)).toEqual([]);
  }, 30_000);

  test('never cost more than 10,000 tokens, and what was left out is announced', async () => {
    const wrong: unknown[] = [];
    for (const [tool, args] of GREEDY) {
      const found = await ask(tool, args).catch((error: unknown) => void wrong.push([tool, args, String(error)]));
      if (!found) continue;
      const { tokens, answer } = found;
      if (tokens > 10_000) wrong.push([tool, args, tokens]);
      const isCut =
        Number(answer['total'] ?? answer['matched'] ?? 0) > Number(answer['shown'] ?? Number.POSITIVE_INFINITY);
      // A ranking has no next page.
      if (isCut && answer['cursor'] === undefined && args['top'] === undefined) wrong.push([tool, args, 'silent cut']);
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  test('say how many VPN users they leave out, and who is asked for is found', async () => {
    const { answer } = await ask('pf_vpn_status', {});
    const left = (answer['tunnels'] as { openvpn: { connections: unknown[] } }[])
      .map(({ openvpn }) => CLIENTS_OF_SERVER - openvpn.connections.length)
      .reduce((sum, one) => sum + one, 0);
    expect(left).toBeGreaterThan(0);
    expect(answer['notes']).toContainEqual(expect.stringContaining(`${left} connections are left out`));
    expect(JSON.stringify((await ask('pf_vpn_status', { text: 'person-49' })).answer)).toContain('"person-49"');
  });

  test('walk through everything by the cursor', async () => {
    const seen = new Set<unknown>();
    let cursor: unknown;
    do {
      const { answer } = await ask('pf_rule_search', { limit: 200, detail: 'detailed', ...(cursor ? { cursor } : {}) });
      for (const { tracker } of answer['rules'] as { tracker: string }[]) seen.add(tracker);
      cursor = answer['cursor'];
    } while (cursor !== undefined);
    expect(seen.size).toBe(200);
  });
});
