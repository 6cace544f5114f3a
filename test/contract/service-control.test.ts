import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Asking, startAsking } from './asking.ts';
import { askOnce } from './driver.ts';
import { HAS_PROCESSES, IS_LAB, openTarget, type Target, USERS } from './target.ts';

const PERMISSIONS = ['read', 'service', 'config'] as const;

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

/** Looks at the firewall past the tools. */
const onBox = (body: string, input: unknown = {}): Promise<unknown> => askOnce(target.users['root'], body, input);

/** Descriptors of a process that lead to something outside of it, and its parent. */
const HELD = `$fds = []; foreach (glob("/proc/{$in["pid"]}/fd/*") as $fd) { $fds[] = (string) @readlink($fd); }
  preg_match('/^PPid:\\s+(\\d+)/m', (string) @file_get_contents("/proc/{$in["pid"]}/status"), $parent);
  return ["fds" => $fds, "parent" => (int) ($parent[1] ?? -1)];`;

describe.each(USERS.filter((user) => user !== 'root'))('in the hands of %s', (user) => {
  let asking: Asking;
  beforeAll(async () => {
    asking = await startAsking(target, user, { permissions: [...PERMISSIONS] });
  });
  afterAll(() => asking.close());

  test('a service is restarted, the resolver forgets, the configuration is saved', async () => {
    const restarted = await asking.ask('pf_service_control', { service: 'ntpd', action: 'restart' });
    expect(restarted).toMatchObject({ isRunning: true });
    expect(await asking.ask('pf_dns_flush', { name: 'example.net' })).toMatchObject({ left: 0 });
    const { path } = await asking.ask('pf_config_backup');
    expect(readFileSync(String(path), 'utf8')).toBe(await target.readFile('/cf/conf/config.xml'));
  }, 60_000);
});

describe('services', () => {
  let asking: Asking;
  beforeAll(async () => {
    asking = await startAsking(target, 'root', { permissions: [...PERMISSIONS] });
  });
  afterAll(() => asking.close());
  const control = (service: string, action: string) => asking.ask('pf_service_control', { service, action });
  const isRunning = async (name: string): Promise<unknown> => {
    const { services } = await asking.ask('pf_service_list');
    const rows = Array.isArray(services) ? services : [];
    return rows.find((row) => row.name === name)?.running;
  };

  test('stop, start and restart, and show it by their processes', async () => {
    await control('ntpd', 'start');
    expect(await control('ntpd', 'stop')).toMatchObject({ wasRunning: true, isRunning: false, action: 'stop' });
    expect(await isRunning('ntpd')).toBe(false);
    const started = await control('ntpd', 'start');
    expect(started).toMatchObject({ wasRunning: false, isRunning: true });
    const restarted = await control('ntpd', 'restart');
    expect(restarted).toMatchObject({ isRunning: true });
    expect(await isRunning('ntpd')).toBe(true);
    if (!HAS_PROCESSES) return;
    expect(restarted['before']).toEqual(started['after']);
    expect(restarted['after']).not.toEqual(started['after']);
    const [pid] = Array.isArray(restarted['after']) ? restarted['after'] : [];
    // O1: it outlives whatever started it, and holds nothing of the session.
    const { fds, parent } = Object(await onBox(HELD, { pid }));
    expect(parent).toBe(1);
    expect(fds.filter((fd: string) => /pipe|socket|pts|acting|lock/.test(fd))).toEqual([]);
  }, 60_000);

  test('answer at their socket after a restart', async () => {
    expect(await control('unbound', 'restart')).toMatchObject({ isRunning: true, answers: true });
  }, 60_000);

  test('are not touched when the name is none, or the connection may depend on them', async () => {
    expect(await asking.refusal('pf_service_control', { service: 'ntpdd', action: 'stop' })).toContain('ntpd?');
    expect(await asking.refusal('pf_service_control', { service: 'sshd', action: 'stop' })).toContain('refused');
    expect(await asking.refusal('pf_service_control', { service: 'openvpn', action: 'stop' })).toContain(
      'pf_action_plan',
    );
  });

  test('the resolver forgets', async () => {
    const one = await asking.ask('pf_dns_flush', { name: 'www.example.com' });
    expect(one).toMatchObject({ service: 'resolver', left: 0 });
    const all = await asking.ask('pf_dns_flush');
    expect(all).toMatchObject({ service: 'resolver' });
    if (IS_LAB) expect(all['left']).toBe(0);
    expect(await asking.refusal('pf_dns_flush', { name: 'www.example.com; reboot' })).toContain('bad_input');
  });

  test('the ARP table loses an entry, and takes one', async () => {
    const [neighbour, free] = [IS_LAB ? '192.168.1.102' : '192.168.1.10', '192.168.1.61'];
    const { before, after } = await asking.ask('pf_arp_set', { address: neighbour });
    expect(before).toMatchObject({ isPermanent: false });
    if (IS_LAB) expect(after).toBe(null);
    const order = { address: free, mac: '02:00:00:AB:00:61', temporary: true };
    if (IS_LAB) {
      const set = await asking.ask('pf_arp_set', order);
      expect(set['after']).toEqual({ mac: '02:00:00:ab:00:61', device: 'igb1', isPermanent: false });
      await asking.ask('pf_arp_set', { address: neighbour, mac: '02:00:00:aa:00:66', temporary: true });
    } else expect(await asking.refusal('pf_arp_set', order)).toContain('no_effect');
  });

  test('the ARP table keeps what would cut the firewall off', async () => {
    const mac = '02:00:00:ab:00:61';
    expect(await asking.refusal('pf_arp_set', { address: '192.168.1.1' })).toContain('firewall itself');
    expect(await asking.refusal('pf_arp_set', { address: '198.51.100.1', mac })).toContain('lockout_risk');
    const [client = ''] = String(await onBox('return [getenv("SSH_CONNECTION")];')).split(' ');
    if (!client.startsWith('127.'))
      expect(await asking.refusal('pf_arp_set', { address: client, mac })).toContain('lockout_risk');
    expect(await asking.refusal('pf_arp_set', { address: '203.0.113.250' })).toContain('not_found');
    expect(await asking.refusal('pf_arp_set', { address: 'fe80::1' })).toContain('bad_input');
  });

  test('the configuration is saved beside us, for our eyes only', async () => {
    const answer = await asking.ask('pf_config_backup');
    const { path, bytes, sha256 } = Object(answer);
    const saved = readFileSync(path);
    expect(saved.toString('utf8')).toBe(await target.readFile('/cf/conf/config.xml'));
    expect({ bytes, sha256 }).toEqual({
      bytes: saved.length,
      sha256: createHash('sha256').update(saved).digest('hex'),
    });
    expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777]).toEqual([0o600, 0o700]);
    expect(Object.keys(answer).sort()).toEqual(['bytes', 'firewall', 'path', 'servedBy', 'sha256']);
    expect(Object(await asking.ask('pf_config_backup')).path).not.toBe(path);
  });
});

test('a client that may only read sees none of these tools', async () => {
  const asking = await startAsking(target, 'root');
  const { tools } = await asking.mcp.client.listTools();
  expect(
    tools.filter(({ name }) => /pf_(?:service_control|dns_flush|arp_set|config_backup|action)/.test(name)),
  ).toEqual([]);
  await asking.close();
});
