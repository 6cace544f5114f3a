import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { type Asking, rowsOf, startAsking } from './asking.ts';
import { labTarget } from './target.ts';

/** On the lab only: parts of the box are taken away, and no answer may call that "nothing there". */
describe('what cannot be looked at is null with a reason, never an empty list', () => {
  let lab: Lab;
  let asking: Asking;
  beforeAll(async () => {
    lab = await startLab();
    asking = await startAsking(labTarget(lab), 'admin');
  });
  afterAll(async () => {
    await asking.close();
    await lab.close();
  });

  const inLab = (path: string): string => join(lab.address.root, path);

  test('an OpenVPN daemon that is down', async () => {
    writeFileSync(inLab('var/run/lab-stopped.openvpn'), '');
    const answer = await asking.ask('pf_vpn_status', { kind: 'openvpn' });
    expect(rowsOf(answer, 'tunnels')[0]).toMatchObject({
      openvpn: { state: null, connected: null, connections: null },
    });
    expect(answer['notes']).toEqual([expect.stringContaining('did not answer')]);
    rmSync(inLab('var/run/lab-stopped.openvpn'));
    const again = await asking.ask('pf_vpn_status', { kind: 'openvpn' });
    expect(rowsOf(again, 'tunnels')[0]).toMatchObject({ openvpn: { state: 'listening', connected: 1 } });
  });

  test('an OpenVPN daemon whose answer holds END and ERROR in names, or has no end', async () => {
    const client = (name: string, address: string): string =>
      `${['CLIENT_LIST', name, '203.0.113.77:52044', address, '', 1, 2, '2026-01-01 00:00:00', 1767225600, 'UNDEF', 0, 0, 'AES-256-GCM'].join('\t')}\r\n`;
    const clients = client('a', '10.8.0.6') + client('VENDOR1', '10.8.0.7') + client('ERROR', '10.8.0.8');
    writeFileSync(inLab('var/run/lab-answer.openvpn'), `TITLE\tOpenVPN 2.6.8\r\n${clients}END\r\n`);
    const whole = await asking.ask('pf_vpn_status', { kind: 'openvpn' });
    expect(rowsOf(whole, 'tunnels')[0]).toMatchObject({ openvpn: { connected: 3 } });
    const { vpn } = await asking.ask('pf_host_explain', { host: '10.8.0.8' });
    expect(vpn).toEqual([expect.stringContaining('ERROR from 203.0.113.77')]);

    for (const text of ['', `TITLE\tOpenVPN 2.6.8\r\n${clients}`]) {
      writeFileSync(inLab('var/run/lab-answer.openvpn'), text);
      const cut = await asking.ask('pf_vpn_status', { kind: 'openvpn' });
      expect(rowsOf(cut, 'tunnels')[0]).toMatchObject({ openvpn: { state: null, connected: null, connections: null } });
      expect(await asking.ask('pf_host_explain', { host: '10.8.0.8' })).toMatchObject({
        vpn: null,
        notes: expect.arrayContaining([expect.stringContaining('did not answer')]),
      });
    }
    rmSync(inLab('var/run/lab-answer.openvpn'));
  });

  test('a log that is no file, or a link to itself', async () => {
    const [folder, loop] = [inLab('var/log/odd.log'), inLab('var/log/loop.log')];
    mkdirSync(folder);
    symlinkSync('loop.log', loop);
    for (const log of ['odd', 'loop'])
      expect(await asking.refusal('pf_log_search', { log })).toMatch(/could_not_look|unreadable|could not be read/);
    const answer = await asking.ask('pf_log_search', { text: 'filterlog', log: 'all' });
    expect(answer['notes']).toContainEqual(expect.stringContaining('Files that could not be read: 2'));
    for (const path of [folder, loop]) rmSync(path, { recursive: true });
  });

  test('a client of OpenVPN whose name holds commas is told whole', async () => {
    const row = ['Doe, John, sales', '203.0.113.77:52044', '10.8.0.9', '', 5, 6, '2026-01-01 00:00:00', 1767225600];
    const client = ['CLIENT_LIST', ...row, 'john', 0, 0, 'AES-256-GCM'].join('\t');
    writeFileSync(inLab('var/run/lab-answer.openvpn'), `TITLE\tOpenVPN 2.6.8\r\n${client}\r\nEND\r\n`);
    const answer = await asking.ask('pf_vpn_status', { kind: 'openvpn' });
    expect(JSON.stringify(rowsOf(answer, 'tunnels')[0])).toContain('Doe, John, sales');
    expect(rowsOf(answer, 'tunnels')[0]).toMatchObject({
      openvpn: { connected: 1, connections: [{ address: '10.8.0.9' }] },
    });
    const { vpn } = await asking.ask('pf_host_explain', { host: '10.8.0.9' });
    expect(vpn).toEqual([expect.stringContaining('john from 203.0.113.77')]);
    rmSync(inLab('var/run/lab-answer.openvpn'));
  });

  test('a monitor that has just started is pending and waited for by nobody, one that says nothing is unknown', async () => {
    writeFileSync(inLab('var/run/lab-answer.dpinger.WAN_DHCP'), 'WAN_DHCP 0 0 0\n');
    writeFileSync(inLab('var/run/lab-answer.dpinger.WAN2GW'), '');
    const { gateways, notes } = await asking.ask('pf_gateway_status');
    const unmeasured = { delayMs: null, lossPercent: null, reason: null };
    expect(gateways).toMatchObject([
      { name: 'WAN_DHCP', state: 'pending', ...unmeasured },
      { name: 'WAN2GW', state: 'unknown', ...unmeasured },
    ]);
    expect(notes).toEqual([expect.stringContaining('dpinger')]);
    expect(await asking.ask('pf_system_status')).toMatchObject({
      attention: { gatewaysNotOnline: [{ state: 'pending' }, { state: 'unknown' }] },
    });
    rmSync(inLab('var/run/lab-answer.dpinger.WAN_DHCP'));
    rmSync(inLab('var/run/lab-answer.dpinger.WAN2GW'));
  });

  test('no lease file yet', async () => {
    rmSync(inLab('var/lib/kea/dhcp4.leases'));
    const { notes, leases } = await asking.ask('pf_dhcp_list', { kind: 'static' });
    expect(notes).toEqual(expect.arrayContaining([expect.stringContaining('no lease file yet')]));
    expect(leases).toMatchObject([{ state: null, online: true }]);
  });

  test('a table that pf does not have, one that is empty, and a pf that does not answer', async () => {
    const table = (name: string) => asking.ask('pf_diagnostic_run', { kind: 'pf_tables', table: name });
    expect(await table('nosuch')).toMatchObject({ rows: null, notes: ['pf has no such table.'] });
    expect(await table('virusprot')).toMatchObject({ rows: [], total: 0 });
    writeFileSync(inLab('var/run/lab-stopped.pf'), '');
    expect(await table('virusprot')).toMatchObject({ rows: null, notes: [expect.stringContaining('could not look')] });
    expect(await asking.ask('pf_traffic_get', { kind: 'talkers', seconds: 1 })).toMatchObject({ talkers: null });
    rmSync(inLab('var/run/lab-stopped.pf'));
  });

  test('a table too large to show is counted and searched as a whole', async () => {
    writeFileSync(inLab('var/db/lab-table-entries'), '300000');
    const all = await asking.ask('pf_diagnostic_run', { kind: 'pf_tables', table: 'large', limit: 1 });
    expect(all).toMatchObject({ total: 300_000, rows: [{ entry: '10.0.0.0' }] });
    expect(all['notes']).toEqual(expect.arrayContaining([expect.stringContaining('cut short')]));
    const one = await asking.ask('pf_diagnostic_run', { kind: 'pf_tables', table: 'large', text: '10.4.147.223' });
    expect(one).toMatchObject({ total: 1, rows: [{ entry: '10.4.147.223' }] });
    rmSync(inLab('var/db/lab-table-entries'));
  });

  test('a path to a name that has no address', async () => {
    expect(await asking.ask('pf_diagnostic_run', { kind: 'traceroute', target: 'a.invalid' })).toMatchObject({
      hops: null,
      notes: [expect.stringContaining('no address')],
    });
  });

  test('a service and monitors whose PHP fails', async () => {
    writeFileSync(inLab('var/run/lab-broken.ntpd'), '');
    const { services, running, stopped, notes } = await asking.ask('pf_service_list');
    expect(services).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'ntpd', running: null })]));
    expect(Number(running) + Number(stopped)).toBe((services as unknown[]).length - 1);
    expect(notes).toEqual([expect.stringContaining('could not be asked')]);
    expect(await asking.ask('pf_system_status')).toMatchObject({
      attention: { servicesStopped: expect.any(Array) },
      status: { unavailable: { 'service ntpd': expect.any(String) } },
    });
    rmSync(inLab('var/run/lab-broken.ntpd'));

    writeFileSync(inLab('var/run/lab-broken.dpinger'), '');
    expect(await asking.ask('pf_system_status')).toMatchObject({
      attention: { gatewaysNotOnline: null, servicesStopped: expect.any(Array) },
      status: { unavailable: { gateways: expect.any(String) } },
    });
    rmSync(inLab('var/run/lab-broken.dpinger'));
  });

  test('a box so slow that the monitors are not waited for', async () => {
    writeFileSync(inLab('var/run/lab-slow.interfaces'), '');
    expect(await asking.ask('pf_system_status')).toMatchObject({
      attention: { interfacesDown: expect.any(Array), gatewaysNotOnline: null },
      status: { unavailable: { gateways: expect.stringContaining('no time') } },
    });
    rmSync(inLab('var/run/lab-slow.interfaces'));
  }, 20_000);

  test('pending changes and crashes are seen as soon as they are there', async () => {
    writeFileSync(inLab('var/run/filter.dirty'), 'DIRTY');
    const { attention, pendingChanges } = await asking.ask('pf_system_status');
    expect(attention).toMatchObject({
      pendingChanges: ['filter'],
      notices: [{ category: 'System', text: 'MONITOR: WAN2GW has high latency & loss' }],
      gatewaysNotOnline: [{ name: 'WAN2GW', state: 'warning' }],
      certificatesExpiring: expect.arrayContaining([expect.objectContaining({ name: 'Old web server' })]),
    });
    expect(pendingChanges).toEqual(['filter']);
    rmSync(inLab('var/run/filter.dirty'));
  });
});
