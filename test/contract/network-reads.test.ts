import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listAt, textAt, treeAt } from '../../src/config/model.ts';
import { isHost } from '../../src/tools/diagnostic/host.ts';
import { type Asking, configOf, rowsOf, startAsking } from './asking.ts';
import { INJECTIONS } from './injections.ts';
import { HAS_PROCESSES, openTarget, type Target, USERS } from './target.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

describe.each(USERS)('the network, asked as %s', (user) => {
  let asking: Asking;
  beforeAll(async () => {
    asking = await startAsking(target, user);
  });
  afterAll(() => asking.close());

  test('pf_traffic_get counts for every interface of the configuration', async () => {
    const totals = rowsOf(await asking.ask('pf_traffic_get'), 'totals');
    expect(totals).toHaveLength(Object.keys(treeAt(await configOf(target), 'interfaces') ?? {}).length);
    const { totals: wan } = await asking.ask('pf_traffic_get', { of: 'wan' });
    expect(wan).toMatchObject([{ interface: 'WAN', inBytes: expect.any(Number) }]);
  });

  test('pf_traffic_get samples who talks', async () => {
    const { talkers, sampledSeconds } = await asking.ask('pf_traffic_get', { kind: 'talkers', seconds: 1 });
    expect(Array.isArray(talkers)).toBe(true);
    expect(Number(sampledSeconds)).toBeGreaterThanOrEqual(1);
  });

  test.each(['totals', 'talkers'])('pf_traffic_get knows no interface of a wrong name: %s', async (kind) => {
    expect(await asking.refusal('pf_traffic_get', { kind, of: 'no-such-if', seconds: 1 })).toContain('not_found');
  });

  test('pf_traffic_get says when nothing is recorded, and refuses other files', async () => {
    expect(await asking.ask('pf_traffic_get', { kind: 'series', of: 'nosuch' })).toMatchObject({
      series: null,
      notes: [expect.stringContaining('Nothing is recorded')],
    });
    expect(await asking.refusal('pf_traffic_get', { kind: 'series', of: '../../etc/passwd' })).toContain('bad_input');
  });

  test('pf_diagnostic_run pings, and says when nothing comes back', async () => {
    expect(await asking.ask('pf_diagnostic_run', { kind: 'ping', target: '198.51.100.1', count: 2 })).toMatchObject({
      ping: { sent: 2, received: 2, lossPercent: 0, averageMs: expect.any(Number) },
    });
    expect(await asking.ask('pf_diagnostic_run', { kind: 'ping', target: '203.0.113.1', count: 1 })).toMatchObject({
      ping: { sent: 1, received: 0, lossPercent: 100, averageMs: null },
    });
  });

  test('pf_diagnostic_run follows a path and looks names up', async () => {
    const { hops } = await asking.ask('pf_diagnostic_run', { kind: 'traceroute', target: '8.8.8.8' });
    expect(hops).toMatchObject([
      { hop: 1, address: '198.51.100.1' },
      ...new Array((hops as unknown[]).length - 1).fill({}),
    ]);
    const { lookup } = await asking.ask('pf_diagnostic_run', { kind: 'dns_lookup', target: 'www.example.com' });
    expect(lookup).toMatchObject({ status: 'NOERROR', answers: [{ type: 'A', value: '203.0.113.80' }], ms: 12 });
  });

  test.each(['arp', 'ndp', 'sockets', 'pf_info', 'pf_tables'])('pf_diagnostic_run lists %s', async (kind) => {
    const { rows, total } = await asking.ask('pf_diagnostic_run', { kind, limit: 200 });
    expect(rows).toHaveLength(Number(total));
    expect(Number(total)).toBeGreaterThan(0);
  });

  test('pf_diagnostic_run tells a table that is not there from an empty one, and finds who holds an address', async () => {
    expect(await asking.ask('pf_diagnostic_run', { kind: 'pf_tables', table: 'nosuch' })).toMatchObject({ rows: null });
    const { rows } = await asking.ask('pf_diagnostic_run', { kind: 'pf_tables', limit: 200 });
    const names = (rows as { entry: string }[]).map(({ entry }) => entry);
    const held = await asking.ask('pf_diagnostic_run', { kind: 'pf_tables', target: '192.0.2.77' });
    expect((held['rows'] as { entry: string }[]).filter(({ entry }) => !names.includes(entry))).toEqual([]);
  });

  test.each(['-c1', '--help', '$(id)', 'a;b', 'a b', '../x', '`id`', '-', ''])(
    'no option and no shell: %s',
    async (target) => {
      await asking.refusal('pf_diagnostic_run', { kind: 'ping', target });
      await asking.refusal('pf_diagnostic_run', { kind: 'dns_lookup', target: 'a.example', server: target });
      await asking.refusal('pf_packet_capture', { interface: 'lan', host: target });
      await asking.refusal('pf_diagnostic_run', { kind: 'pf_tables', table: target });
    },
  );

  test('pf_packet_capture tells who talked to whom, and refuses an interface that is not there', async () => {
    const { conversations, packets } = await asking.ask('pf_packet_capture', { interface: 'LAN', seconds: 1 });
    expect(Number(packets)).toBeGreaterThan(0);
    expect(conversations).toMatchObject(
      expect.arrayContaining([expect.objectContaining({ between: '192.168.1.10:51514 and 203.0.113.80:443' })]),
    );
    expect(await asking.refusal('pf_packet_capture', { interface: '-w/tmp/x' })).toContain('not_found');
  });

  test('pf_host_explain puts together what is known of an address, a MAC and a name', async () => {
    const [map] = listAt(await configOf(target), 'dhcpd/lan/staticmap');
    const [address, mac, hostname] = ['ipaddr', 'mac', 'hostname'].map((key) => textAt(map ?? '', key) ?? '');
    const row = { address, mac, interface: 'LAN', online: true, staticMap: { hostname }, isFirewall: false };
    for (const host of [address, mac, hostname])
      expect(await asking.ask('pf_host_explain', { host })).toMatchObject(row);
    const lan = textAt(await configOf(target), 'interfaces/lan/ipaddr');
    expect(await asking.ask('pf_host_explain', { host: lan })).toMatchObject({ isFirewall: true, interface: 'LAN' });
    expect(await asking.refusal('pf_host_explain', { host: 'no-such-host' })).toContain('not_found');
  });

  test('pf_host_explain counts the states that the box lists', async () => {
    const { states } = await asking.ask('pf_host_explain', { host: '192.168.1.10' });
    expect((states as { count: number }).count).toBeGreaterThan(0);
  });

  test('injections through every argument that reaches the box change nothing', async () => {
    // WebAssembly PHP takes minutes for all of them; there every tenth has to do.
    const payloads = INJECTIONS.filter((_, index) => HAS_PROCESSES || index % 10 === 0);
    for (const payload of payloads) {
      await asking.mcp.call('pf_traffic_get', { kind: 'series', of: payload });
      await asking.mcp.call('pf_packet_capture', { interface: payload, seconds: 1 });
      await asking.mcp.call('pf_diagnostic_run', { kind: 'pf_tables', table: payload });
      // What is a proper name is no attack, and each takes the box a dozen programs.
      if (isHost(payload)) continue;
      await asking.mcp.call('pf_host_explain', { host: payload });
      await asking.mcp.call('pf_route_list', { to: payload });
      await asking.mcp.call('pf_diagnostic_run', { kind: 'ping', target: payload, count: 1 });
      await asking.mcp.call('pf_diagnostic_run', { kind: 'dns_lookup', target: payload, server: payload });
    }
    await expect(target.readFile('/tmp/pfsense-mcp-canary')).rejects.toThrow();
    expect(await asking.ask('pf_diagnostic_run', { kind: 'arp' })).toMatchObject({ servedBy: 'warm session' });
  }, 180_000);
});
