import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { KINDS } from '../../src/changes/kinds/index.ts';
import { type ConfigTree, entriesAt, listAt, textAt } from '../../src/config/model.ts';
import { withTree } from '../../src/config/update.ts';
import { configOf } from './asking.ts';
import { type Changing, startChanging } from './changing.ts';
import { askOnce } from './driver.ts';
import { withForwarder } from './realbox-kernel.ts';
import { IS_LAB, openTarget, type Target, USERS } from './target.ts';
import { startTrials } from './trials.ts';

const HOSTS = '/var/unbound/host_entries.conf';
const RESOLVER = '/var/unbound/unbound.conf';
const DOMAINS = '/var/unbound/domainoverrides.conf';
const DHCP = { isc: '/var/dhcpd/etc/dhcpd.conf', kea: '/usr/local/etc/kea/kea-dhcp4.conf' } as const;
type Backend = keyof typeof DHCP;

// A firewall with many services takes its time to start them anew.
vi.setConfig({ testTimeout: 150_000 });

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

/** The configuration but for the note of who wrote it last, and for empty lists, which pfSense drops when it writes. */
async function written(): Promise<ConfigTree> {
  const sections = entriesAt(withTree(await configOf(target), ['revision'], ''), '');
  return Object.fromEntries(sections.filter(([, section]) => section.length !== 0));
}

/** An entry of a list without what is empty. */
async function entry(path: string, key: string, value: string): Promise<unknown> {
  const found = listAt(await configOf(target), path).find((one) => textAt(one, key) === value);
  return found && Object.fromEntries(entriesAt(found, '').filter(([, field]) => field !== ''));
}

async function onBox(php: string): Promise<void> {
  await askOnce(target.users['root'], `${php} return [];`);
}

const backend = async (): Promise<Backend> => (textAt(await configOf(target), 'dhcpbackend') === 'kea' ? 'kea' : 'isc');

const MAC = '02:00:00:bb:00:01';
const HOST = { host: 'printer', domain: 'corp.example' };
const DOMAIN = { domain: 'corp.example' };

describe('addresses and names for clients, through the tools', () => {
  let changing: Changing;
  beforeAll(async () => {
    changing = await startChanging(target, 'root');
  });
  afterAll(() => changing.asking.close());

  test('come into force, are written as pfSense writes them, are read back and are so already', async () => {
    const changes = [
      {
        kind: 'dhcp_mapping.add',
        args: {
          ...{ interface: 'lan', mac: '02-00-00-BB-00-01', ip: '192.168.1.31', hostname: 'printer' },
          ...{ description: 'One & two', dnsServers: ['192.168.1.53'], defaultLeaseSeconds: 600 },
        },
      },
      {
        kind: 'dns_host_override.add',
        args: { ...HOST, addresses: ['192.168.1.31'], aliases: [{ host: 'ink', domain: 'corp.example' }] },
      },
      { kind: 'dns_domain_override.add', args: { ...DOMAIN, server: '192.168.1.54@5353', description: 'Größe' } },
    ];
    await changing.keep(changes);
    expect(await entry('dhcpd/lan/staticmap', 'mac', MAC)).toEqual({
      ...{ mac: MAC, ipaddr: '192.168.1.31', hostname: 'printer', descr: 'One & two' },
      ...{ dnsserver: ['192.168.1.53'], defaultleasetime: '600' },
    });
    expect(await entry('unbound/hosts', 'host', 'printer')).toMatchObject({
      ...HOST,
      ip: '192.168.1.31',
      aliases: { item: [{ host: 'ink', domain: 'corp.example' }] },
    });
    expect(await entry('unbound/domainoverrides', 'domain', 'corp.example')).toEqual({
      ...{ ...DOMAIN, ip: '192.168.1.54@5353', descr: 'Größe' },
    });
    const hosts = await target.readFile(HOSTS);
    for (const name of ['printer', 'ink']) expect(hosts).toMatch(new RegExp(`"${name}\\.corp\\.example\\.? A 192`));
    expect(await target.readFile(DOMAINS)).toContain('forward-addr: 192.168.1.54@5353');
    expect(await target.readFile(DHCP[await backend()])).toContain(MAC);
    expect(JSON.stringify(await changing.asking.ask('pf_dns_get', {}))).toContain('printer');
    expect(await changing.plan(changes)).toMatchObject({ plan: null, withoutEffect: [1, 2, 3] });
  });

  test('changed parts come into force, and what is taken back is as it was, in the files as well', async () => {
    const before = await written();
    const files = [HOSTS, DOMAINS, DHCP[await backend()]];
    const contents = await Promise.all(files.map((file) => target.readFile(file)));
    const id = await changing.begin([
      { kind: 'dhcp_mapping.update', args: { interface: 'lan', mapping: MAC, ip: '192.168.1.32' } },
      { kind: 'dns_host_override.update', args: { ...HOST, addresses: ['192.168.1.32', '2001:db8::32'], aliases: [] } },
      { kind: 'dns_domain_override.update', args: { ...DOMAIN, newServer: '192.168.1.55' } },
    ]);
    const hosts = await target.readFile(HOSTS);
    expect(hosts).toMatch(/"printer\.corp\.example\.? AAAA 2001:db8::32"/);
    expect(hosts).not.toContain('ink.corp.example');
    expect(await target.readFile(DOMAINS)).toMatch(/forward-addr: 192\.168\.1\.55\b/);
    expect(await target.readFile(DHCP[await backend()])).toContain('192.168.1.32');
    await changing.takeBack(id);
    expect(await written()).toEqual(before);
    expect(await Promise.all(files.map((file) => target.readFile(file)))).toEqual(contents);
  });

  test('a mapping comes into force with the other DHCP server, too', async () => {
    const [own, other]: Backend[] = (await backend()) === 'kea' ? ['kea', 'isc'] : ['isc', 'kea'];
    const choose = (name: Backend | undefined): Promise<void> =>
      onBox(
        `global $config; $config["dhcpbackend"] = "${name}"; write_config("a colleague"); services_dhcpd_configure();`,
      );
    await choose(other);
    const id = await changing.begin([
      { kind: 'dhcp_mapping.add', args: { interface: 'lan', mac: '02:00:00:bb:00:02', ip: '192.168.1.33' } },
    ]);
    const file = DHCP[other ?? 'isc'];
    expect(await target.readFile(file)).toContain('02:00:00:bb:00:02');
    await changing.takeBack(id);
    expect(await target.readFile(file)).not.toContain('02:00:00:bb:00:02');
    await choose(own);
  });

  test('settings of the servers themselves come into force, and what is taken back is as it was', async () => {
    const forget = await withForwarder(target.users['root']);
    const before = await written();
    const dhcp = DHCP[await backend()];
    const content = await target.readFile(dhcp);
    const fax = { service: 'forwarder', host: 'fax', domain: 'corp.example', addresses: ['192.168.1.36'] };
    const id = await changing.begin([
      { kind: 'dhcp_server.update', args: { interface: 'lan', range: { from: '192.168.1.120', to: '192.168.1.140' } } },
      { kind: 'dns_resolver.update', args: { port: 5335 } },
      { kind: 'dns_forwarder.update', args: { enabled: true, port: 5336 } },
      { kind: 'dns_host_override.add', args: fax },
    ]);
    expect(await target.readFile(RESOLVER)).toMatch(/^\s*port: 5335$/m);
    expect(await target.readFile(dhcp)).toMatch(/192\.168\.1\.120\D+192\.168\.1\.140/);
    expect(await target.readFile('/etc/hosts')).toMatch(/192\.168\.1\.36\s+fax\.corp\.example/);
    expect(textAt(await configOf(target), 'dnsmasq/port')).toBe('5336');
    await changing.takeBack(id);
    expect(await written()).toEqual(before);
    expect(await target.readFile(dhcp)).toBe(content);
    expect(await target.readFile('/etc/hosts')).not.toContain('fax');
    expect(await target.readFile(RESOLVER)).toMatch(/^\s*port: 53$/m);
    await forget();
  });

  test.runIf(IS_LAB)('what Unbound refuses is undone, and said so', async () => {
    const before = await written();
    const change = { kind: 'dns_host_override.add', args: { ...HOST, host: 'lab-bad-name', addresses: ['10.0.0.1'] } };
    expect(await changing.failing([change])).toMatch(/not_in_force.*Unbound does not take.*lab-bad-name/);
    expect(await written()).toEqual(before);
    expect(await target.readFile(HOSTS)).not.toContain('lab-bad-name');
  });

  test('are gone when they are deleted', async () => {
    await changing.keep([
      { kind: 'dhcp_mapping.delete', args: { interface: 'lan', mapping: MAC } },
      { kind: 'dns_host_override.delete', args: HOST },
      { kind: 'dns_domain_override.delete', args: DOMAIN },
    ]);
    expect(await target.readFile(HOSTS)).not.toContain('printer');
    expect(await target.readFile(DOMAINS)).not.toContain('corp.example');
    expect(await target.readFile(DHCP[await backend()])).not.toContain(MAC);
    expect(await entry('dhcpd/lan/staticmap', 'mac', MAC)).toBeUndefined();
  });
});

test.each(USERS)('%s can give a name another address for a while', async (user) => {
  const trials = startTrials(target.users[user], KINDS);
  const before = await written();
  const args = { ...HOST, addresses: ['192.168.1.34'] };
  const plan = await trials.plan([{ kind: 'dns_host_override.add', args }]);
  expect(await trials.begin(plan)).toMatchObject({ state: 'armed', tier: 'durable' });
  expect(await target.readFile(HOSTS)).toContain('192.168.1.34');
  expect(await trials.end(plan)).toMatchObject({ state: 'reverted', conflicts: [] });
  expect(await written()).toEqual(before);
  await trials.close();
});
