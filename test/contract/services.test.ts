import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listAt, textAt, treeAt } from '../../src/config/model.ts';
import { type Asking, configOf, rowsOf, startAsking, textOrNothing } from './asking.ts';
import { openTarget, type Target, USERS } from './target.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

describe.each(USERS)('what the box serves, asked as %s', (user) => {
  let asking: Asking;
  beforeAll(async () => {
    asking = await startAsking(target, user);
  });
  afterAll(() => asking.close());

  const addresses = (rows: Record<string, unknown>[]) => rows.map(({ address }) => address);

  test('pf_dhcp_list shows every static map of the configuration', async () => {
    const config = await configOf(target);
    const answer = await asking.ask('pf_dhcp_list', { kind: 'static', limit: 200 });
    const wanted = Object.keys(treeAt(config, 'dhcpd') ?? {}).flatMap((id) =>
      listAt(config, `dhcpd/${id}/staticmap`).map((map) => textAt(map, 'ipaddr')),
    );
    expect(addresses(rowsOf(answer, 'leases'))).toEqual(expect.arrayContaining(wanted));
    expect(answer['backend']).toBe(textAt(config, 'dhcpbackend') === 'kea' ? 'kea' : 'isc');
  });

  test('pf_dhcp_list takes the last row that Kea wrote of an address', async () => {
    const file = await textOrNothing(target, '/var/lib/kea/dhcp4.leases');
    const last = new Map(
      file
        .split('\n')
        .slice(1)
        .map((row) => [row.split(',')[0], row.split(',')] as const),
    );
    const wanted = [...last].filter(([address, cells]) => address && cells[3] !== '0').map(([address]) => address);
    const rows = rowsOf(await asking.ask('pf_dhcp_list', { limit: 200 }), 'leases');
    expect(addresses(rows)).toEqual(expect.arrayContaining(wanted));
    const gone = [...last].filter(([, cells]) => cells[3] === '0').map(([address]) => address);
    expect(addresses(rows).filter((address) => gone.includes(String(address)))).toEqual([]);
  });

  test('pf_dhcp_list reads times of ISC as UTC', async () => {
    const file = await textOrNothing(target, '/var/dhcpd/var/db/dhcpd.leases');
    const block = [...file.matchAll(/lease (\S+) \{([^}]*)\}/g)].at(-1);
    if (!block) return;
    const rows = rowsOf(await asking.ask('pf_dhcp_list', { text: block[1], detail: 'detailed' }), 'leases');
    const starts = /starts \d (\d+)\/(\d+)\/(\d+) ([\d:]+);/.exec(block[2] ?? '');
    expect(rows[0]?.['startsAt']).toBe(`${starts?.slice(1, 4).join('-')}T${starts?.[4]}.000Z`);
  });

  test('pf_dhcp_list filters, and goes on where the cursor says', async () => {
    const all = rowsOf(await asking.ask('pf_dhcp_list', { limit: 200 }), 'leases');
    const first = await asking.ask('pf_dhcp_list', { limit: 1 });
    expect(rowsOf(first, 'leases')).toEqual(all.slice(0, 1));
    if (all.length > 1) {
      const second = await asking.ask('pf_dhcp_list', { limit: 1, cursor: first['cursor'] });
      expect(rowsOf(second, 'leases')).toEqual(all.slice(1, 2));
    }
    expect(await asking.ask('pf_dhcp_list', { text: 'no such host 1f' })).toMatchObject({ leases: [], total: 0 });
  });

  test('pf_certificate_list shows every certificate with the date that is in it, and no key', async () => {
    const config = await configOf(target);
    const answer = await asking.ask('pf_certificate_list', { limit: 200, detail: 'detailed' });
    const stored = [...listAt(config, 'ca'), ...listAt(config, 'cert')];
    const rows = rowsOf(answer, 'certificates');
    expect(rows.map(({ refid }) => refid).sort()).toEqual(stored.map((item) => textAt(item, 'refid')).sort());
    for (const item of stored) {
      const row = rows.find(({ refid }) => refid === textAt(item, 'refid'));
      const certificate = new X509Certificate(Buffer.from(textAt(item, 'crt') ?? '', 'base64'));
      expect(Date.parse(String(row?.['notAfter']))).toBe(Date.parse(certificate.validTo));
      const key = textAt(item, 'prv');
      if (key) expect(JSON.stringify(answer)).not.toContain(key);
    }
    const soonest = rows.map(({ daysLeft }) => Number(daysLeft));
    expect(soonest).toEqual([...soonest].sort((a, b) => a - b));
  });

  test('pf_certificate_list says who uses the certificate of the GUI', async () => {
    const reference = textAt(await configOf(target), 'system/webgui/ssl-certref');
    const rows = rowsOf(await asking.ask('pf_certificate_list', { text: 'web GUI' }), 'certificates');
    expect(rows.map(({ refid }) => refid)).toEqual(reference && rows.length > 0 ? [reference] : []);
  });

  test('pf_vpn_status shows every tunnel of the configuration and none of its keys', async () => {
    const config = await configOf(target);
    const answer = await asking.ask('pf_vpn_status', { limit: 200 });
    const of = (kind: string) => rowsOf(answer, 'tunnels').flatMap((row) => (row['kind'] === kind ? [row[kind]] : []));
    const openvpn = [...listAt(config, 'openvpn/openvpn-server'), ...listAt(config, 'openvpn/openvpn-client')];
    expect(of('openvpn')).toHaveLength(openvpn.length);
    expect(of('ipsec')).toHaveLength(listAt(config, 'ipsec/phase1').length);
    expect(of('wireguard')).toHaveLength(listAt(config, 'installedpackages/wireguard/tunnels/item').length);
    const text = JSON.stringify(answer);
    const keys = [
      ...openvpn.flatMap((entry) => [textAt(entry, 'tls'), textAt(entry, 'auth_pass')]),
      ...listAt(config, 'ipsec/phase1').map((entry) => textAt(entry, 'pre-shared-key')),
      ...listAt(config, 'installedpackages/wireguard/tunnels/item').map((entry) => textAt(entry, 'privatekey')),
      ...listAt(config, 'installedpackages/wireguard/peers/item').map((entry) => textAt(entry, 'presharedkey')),
    ].filter((key) => key);
    expect(keys.filter((key) => text.includes(String(key)))).toEqual([]);
  });

  test('pf_vpn_status tells a disabled tunnel from one whose daemon does not answer', async () => {
    const rows = rowsOf(await asking.ask('pf_vpn_status', { kind: 'openvpn', limit: 200 }), 'tunnels');
    const disabled = [...listAt(await configOf(target), 'openvpn/openvpn-client')].filter(
      (entry) => treeAt(entry, 'disable') !== undefined,
    );
    expect(JSON.stringify(rows).split('"state":"disabled"').length - 1).toBe(disabled.length);
  });

  test('pf_dns_get answers a name from the host overrides, and says when there is none', async () => {
    const config = await configOf(target);
    const [host] = listAt(config, 'unbound/hosts');
    const name = `${textAt(host ?? '', 'host')}.${textAt(host ?? '', 'domain')}`;
    const { answer, overrides, services, systemServers } = await asking.ask('pf_dns_get', { name });
    expect(answer).toContain(textAt(host ?? '', 'ip'));
    expect(overrides).toMatchObject([{ kind: 'host', name }]);
    expect(services).toMatchObject([{ name: 'resolver', enabled: true, running: true }, { enabled: false }]);
    expect(systemServers).toMatchObject(listAt(config, 'system/dnsserver').map((address) => ({ address })));
    expect(await asking.ask('pf_dns_get', { name: 'www.nowhere.test' })).toMatchObject({
      overrides: [],
      answer: expect.stringContaining('No override'),
    });
  });

  test('pf_route_list shows the static routes of the configuration and the way to an address', async () => {
    const config = await configOf(target);
    const { staticRoutes } = await asking.ask('pf_route_list');
    const wanted = listAt(config, 'staticroutes/route').map((route) => textAt(route, 'network'));
    expect(staticRoutes).toMatchObject(wanted.map((network) => ({ network })));
    const lan = textAt(config, 'interfaces/lan/ipaddr')?.replace(/\d+$/, '77');
    const { routes } = await asking.ask('pf_route_list', { to: lan });
    expect(routes).toMatchObject([{ interface: 'LAN', gateway: 'directly', kind: 'connected' }]);
    expect(await asking.refusal('pf_route_list', { to: '-h' })).toContain('bad_input');
  });

  test('pf_user_list shows every user and group, and no hash, key or secret', async () => {
    const config = await configOf(target);
    const answer = await asking.ask('pf_user_list', { limit: 200 });
    const names = (path: string) => listAt(config, path).map((entry) => textAt(entry, 'name'));
    expect(rowsOf(answer, 'users').map(({ name }) => name)).toEqual(names('system/user'));
    expect(rowsOf(answer, 'groups').map(({ name }) => name)).toEqual(names('system/group'));
    expect(rowsOf(answer, 'authServers').map(({ name }) => name)).toEqual(names('system/authserver'));
    expect(rowsOf(answer, 'users')[0]).toMatchObject({ name: 'admin', isAdministrator: true, shell: true });
    const text = JSON.stringify(answer);
    for (const user of listAt(config, 'system/user'))
      for (const key of ['bcrypt-hash', 'authorizedkeys'])
        expect(text).not.toContain(textAt(user, key) || 'no such text');
    for (const server of listAt(config, 'system/authserver'))
      expect(text).not.toContain(textAt(server, 'radius_secret') || 'no such text');
  });

  test('pf_ha_status shows the CARP addresses of the configuration and no password', async () => {
    const config = await configOf(target);
    const answer = await asking.ask('pf_ha_status');
    const carp = listAt(config, 'virtualip/vip').filter((vip) => textAt(vip, 'mode') === 'carp');
    expect(rowsOf(answer, 'addresses')).toMatchObject(
      carp.map((vip) => ({
        address: `${textAt(vip, 'subnet')}/${textAt(vip, 'subnet_bits')}`,
        vhid: Number(textAt(vip, 'vhid')),
      })),
    );
    expect(answer).toMatchObject({ maintenance: false, demotion: 0, carp: 'enabled' });
    const secrets = [textAt(config, 'hasync/password'), ...carp.map((vip) => textAt(vip, 'password'))];
    for (const secret of secrets) expect(JSON.stringify(answer)).not.toContain(secret || 'no such text');
  });

  test('pf_package_list tells installed from available', async () => {
    const installed = rowsOf(await asking.ask('pf_package_list'), 'packages');
    expect(installed.map(({ name }) => name)).toContain('System_Patches');
    expect(installed.every((row) => row['installed'] !== null)).toBe(true);
    const { packages } = await asking.ask('pf_package_list', { show: 'updates' });
    expect(packages === null || Array.isArray(packages)).toBe(true);
  });
});
