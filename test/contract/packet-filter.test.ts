import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryStore } from '../../src/alan/memory-store.ts';
import { type ConfigTree, listAt, textAt, treeAt } from '../../src/config/model.ts';
import { parseConfigXml } from '../../src/config/xml.ts';
import { createLogger } from '../../src/core/log.ts';
import { Settings } from '../../src/core/settings.ts';
import { createFleet, type Fleet } from '../../src/pfsense/fleet.ts';
import { AuditLog } from '../../src/policy/audit-log.ts';
import { type McpClient, memoryClient } from '../../src/server/client.ts';
import { createServer } from '../../src/server/mcp.ts';
import { INJECTIONS } from './injections.ts';
import { openTarget, type Target, USERS } from './target.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

type Row = Record<string, unknown>;

async function serve(user: string) {
  const stateDir = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
  const settings = Settings.parse({ firewalls: { fw: target.users[user] } });
  const fleet = createFleet({ settings, store: memoryStore('a test'), stateDir });
  const parts = { settings, fleet, audit: new AuditLog(stateDir), logger: createLogger('silent'), version: '0' };
  return { fleet, stateDir, client: await memoryClient(createServer(parts)) };
}

describe.each(USERS)('what the packet filter does, asked as %s', (user) => {
  let client: McpClient;
  let fleet: Fleet;
  let stateDir: string;
  let config: ConfigTree;
  beforeAll(async () => {
    ({ client, fleet, stateDir } = await serve(user));
    config = parseConfigXml(await target.readFile('/cf/conf/config.xml'));
  });
  afterAll(async () => {
    await client.close();
    await fleet.close();
    rmSync(stateDir, { recursive: true });
  });

  async function ask(tool: string, args: Row = {}): Promise<Row> {
    const { isError, content, structuredContent } = await client.call(tool, args);
    if (isError || !structuredContent) throw new Error(JSON.stringify(content));
    return structuredContent;
  }

  async function rows(tool: string, key: string, args: Row = {}): Promise<Row[]> {
    return (await ask(tool, { limit: 200, ...args }))[key] as Row[];
  }

  const descriptions = (path: string) => listAt(config, path).map((entry) => textAt(entry, 'descr') ?? '');

  describe('pf_nat_list', () => {
    test.each([
      ['port forward', 'nat/rule'],
      ['1:1', 'nat/onetoone'],
      ['npt', 'nat/npt'],
    ])('lists every %s of the configuration in its order', async (kind, path) => {
      const found = await rows('pf_nat_list', 'rules', { kind });
      expect(found.map(({ description }) => description)).toEqual(descriptions(path));
      const disabled = listAt(config, path).map((entry) => treeAt(entry, 'disabled') !== undefined);
      expect(found.map(({ state }) => state === 'disabled')).toEqual(disabled);
    });

    test('names the filter rule that lets a port forward in', async () => {
      const forwards = await rows('pf_nat_list', 'rules', { kind: 'port forward' });
      const linked = listAt(config, 'filter/rule').filter((rule) => textAt(rule, 'associated-rule-id'));
      expect(linked.length).toBeGreaterThan(0);
      for (const rule of linked)
        expect(forwards).toContainEqual(
          expect.objectContaining({ filterRule: expect.objectContaining({ tracker: textAt(rule, 'tracker') }) }),
        );
    });

    test('shows the outbound rules pfSense made, as its generated file has them', async () => {
      const { outbound, rules } = await ask('pf_nat_list', { kind: 'outbound', limit: 200 });
      const mode = textAt(config, 'nat/outbound/mode');
      expect(outbound).toMatchObject({ mode });
      const debug = await target.readFile('/tmp/rules.debug');
      const generated = debug.slice(debug.indexOf('rules (automatic)'), debug.indexOf('# TFTP proxy'));
      const made = (rules as Row[]).filter(({ position }) => position === undefined);
      expect(made).toHaveLength(generated.match(/^(?:no )?nat on/gm)?.length ?? 0);
      expect(made.length).toBeGreaterThan(0);
      for (const subnet of (outbound as { automaticSources: string[] }).automaticSources)
        expect(generated).toContain(subnet);
    });
  });

  describe('pf_alias_search', () => {
    test('lists every alias with the members of the configuration', async () => {
      const found = await rows('pf_alias_search', 'aliases', { detail: 'detailed' });
      const wanted = listAt(config, 'aliases/alias');
      expect(found.map(({ name }) => name)).toEqual(wanted.map((alias) => textAt(alias, 'name')));
      expect(found.map(({ memberCount }) => memberCount)).toEqual(
        wanted.map(
          (alias) =>
            (textAt(alias, 'address') ?? '').split(' ').filter((word) => /^[^/]+(?:\/\d+)?$/.test(word)).length,
        ),
      );
    });

    test('never shows the key in the address of a downloaded list', async () => {
      const answer = JSON.stringify(await ask('pf_alias_search', { limit: 200, detail: 'detailed' }));
      expect(answer).not.toMatch(/[?&]\w+=/);
    });

    test('counts what pf holds in the table', async () => {
      const [alias] = await rows('pf_alias_search', 'aliases', { text: 'admin_hosts' });
      expect(alias).toMatchObject({ name: 'admin_hosts', live: { entries: 2 }, uses: expect.any(Number) });
      expect(alias?.['live']).not.toHaveProperty('missing');
    });

    test('finds the aliases that hold an address', async () => {
      const admin = listAt(config, 'aliases/alias').find((alias) => textAt(alias, 'name') === 'admin_hosts');
      const [address = ''] = (textAt(admin ?? '', 'address') ?? '').split(' ');
      const found = await rows('pf_alias_search', 'aliases', { address });
      expect(found).toContainEqual(
        expect.objectContaining({ name: 'admin_hosts', matchedBy: [address, 'live table'] }),
      );
      expect(await rows('pf_alias_search', 'aliases', { address: '233.252.0.77' })).toEqual([]);
    });

    test('says where an alias is used', async () => {
      const [alias] = await rows('pf_alias_search', 'aliases', { text: 'admin_hosts', detail: 'detailed' });
      const rule = listAt(config, 'filter/rule').find((entry) => textAt(entry, 'source/address') === 'admin_hosts');
      expect(alias?.['usedBy']).toContainEqual(expect.stringContaining(textAt(rule ?? '', 'tracker') ?? 'none'));
    });

    test('lists the tables of pf that are no aliases', async () => {
      const names = (await rows('pf_alias_search', 'tables', { kind: 'table' })).map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(['bogons', 'sshguard', 'virusprot']));
      expect(names).not.toContain('admin_hosts');
    });

    test('lists every schedule, whether it is active and which rules follow it', async () => {
      const found = await rows('pf_alias_search', 'schedules', { kind: 'schedule' });
      const wanted = listAt(config, 'schedules/schedule').map((schedule) => textAt(schedule, 'name'));
      expect(found.map(({ name }) => name)).toEqual(wanted);
      for (const { active } of found) expect(active).toEqual(expect.any(Boolean));
    });

    test('refuses what is no address', async () => {
      expect(await client.call('pf_alias_search', { address: 'nonsense' })).toMatchObject({ isError: true });
    });
  });

  describe('pf_rule_search', () => {
    test('sums over the rules of pf that one rule became', async () => {
      const found = await rows('pf_rule_search', 'rules', { detail: 'detailed' });
      const active = found.filter(({ state }) => state === 'active');
      expect(active.length).toBeGreaterThan(0);
      for (const { labels, counters } of active) {
        expect(labels).not.toEqual([]);
        expect(counters).toMatchObject({ evaluations: expect.any(Number) });
      }
    });

    test('says since when it was counted, and no later than now', async () => {
      const { since, rulesLoadedAt } = await ask('pf_rule_search', { limit: 1 });
      for (const time of [since, rulesLoadedAt])
        expect(Date.parse(String(time))).toBeLessThanOrEqual(Date.now() + 5_000);
    });

    test('marks disabled rules as the configuration does', async () => {
      const found = await rows('pf_rule_search', 'rules', { state: 'disabled' });
      const wanted = listAt(config, 'filter/rule').filter((rule) => treeAt(rule, 'disabled') !== undefined);
      expect(found.map(({ tracker }) => tracker).sort()).toEqual(wanted.map((rule) => textAt(rule, 'tracker')).sort());
    });

    test('lists the rules pfSense adds itself only when asked to', async () => {
      const hidden = await rows('pf_rule_search', 'hidden', { include: 'hidden', text: 'Default deny rule IPv4' });
      expect(hidden.length).toBeGreaterThan(0);
      expect(hidden[0]).toMatchObject({ place: 'before', rule: expect.stringMatching(/^block/) });
      const own = new Set(listAt(config, 'filter/rule').map((rule) => Number(textAt(rule, 'tracker'))));
      for (const { tracker } of hidden) expect(own.has(Number(tracker))).toBe(false);
    });

    test('expands the words that stand for addresses', async () => {
      const { expanded } = await ask('pf_rule_search', { detail: 'detailed', limit: 100 });
      expect(expanded).toMatchObject({
        'LAN subnets': ['192.168.1.0/24'],
        'this firewall': expect.arrayContaining(['192.168.1.1', '127.0.0.1']),
      });
    });

    test('names the port forward that a rule belongs to', async () => {
      const found = await rows('pf_rule_search', 'rules');
      const [forward] = listAt(config, 'nat/rule');
      expect(found).toContainEqual(expect.objectContaining({ portForward: textAt(forward ?? '', 'descr') }));
    });
  });

  describe('pf_state_search', () => {
    test('lists states of the box with both ends, and counts the table', async () => {
      const { states, table, total } = await ask('pf_state_search', { limit: 50, detail: 'detailed' });
      expect((states as Row[]).length).toBeGreaterThan(0);
      expect(table).toMatchObject({ current: total, limit: 405_000 });
      for (const state of states as Row[])
        expect(state).toMatchObject({ source: expect.stringMatching(/./), destination: expect.stringMatching(/./) });
    });

    test('shows the address before translation beside the one after', async () => {
      const translated = (await rows('pf_state_search', 'states')).filter(({ sourceBeforeNat }) => sourceBeforeNat);
      expect(translated.length).toBeGreaterThan(0);
      for (const { on, source, sourceBeforeNat } of translated) {
        expect(on).toBe('WAN out');
        expect(source).toMatch(/^198\.51\.100\./);
        expect(sourceBeforeNat).toMatch(/^192\.168\.1\./);
      }
    });

    test('finds a host by the address it has behind NAT, and networks', async () => {
      const found = await rows('pf_state_search', 'states', { address: '192.168.1.10' });
      expect(found.length).toBeGreaterThan(0);
      for (const state of found) expect(JSON.stringify(state)).toContain('192.168.1.10:');
      const network = await ask('pf_state_search', { address: '192.168.0.0/16', limit: 1 });
      expect(network['total']).toBeGreaterThanOrEqual(found.length);
      expect(await ask('pf_state_search', { address: '233.252.0.1' })).toMatchObject({ states: [], total: 0 });
    });

    test('filters by protocol, port, interface and state at once', async () => {
      const found = await rows('pf_state_search', 'states', {
        protocol: 'tcp',
        port: 443,
        interface: 'wan',
        state: 'EST',
      });
      expect(found.length).toBeGreaterThan(0);
      for (const state of found)
        expect(state).toMatchObject({
          protocol: 'tcp',
          on: expect.stringMatching(/^WAN/),
          state: expect.stringMatching(/EST/),
        });
    });

    test('ranks, counting a forwarded connection once', async () => {
      const { talkers } = await ask('pf_state_search', { top: 'sources', limit: 200 });
      const addresses = (talkers as Row[]).map(({ address }) => String(address));
      expect(addresses).toContain('192.168.1.10');
      expect(new Set(addresses).size).toBe(addresses.length);
      const { states } = await ask('pf_state_search', { top: 'bytes', limit: 5 });
      const sums = (states as { bytes: { sent: number; received: number } | null }[]).map(({ bytes }) =>
        bytes === null ? 0 : bytes.sent + bytes.received,
      );
      expect(sums).toEqual([...sums].sort((a, b) => b - a));
    });

    test('goes on where the cursor says', async () => {
      const first = await ask('pf_state_search', { limit: 2 });
      const second = await ask('pf_state_search', { limit: 2, cursor: first['cursor'] });
      const both = await ask('pf_state_search', { limit: 4 });
      expect([...(first['states'] as Row[]), ...(second['states'] as Row[])].map(({ source }) => source)).toEqual(
        (both['states'] as Row[]).map(({ source }) => source),
      );
    });
  });

  describe('pf_log_search', () => {
    const lastLines = async (file: string) => (await target.readFile(file)).trim().split('\n').reverse();

    test('reads the firewall log of the box, newest first, as filterlog wrote it', async () => {
      const { packets, searched } = await ask('pf_log_search', { log: 'filter', limit: 40 });
      const wanted = (await lastLines('/var/log/filter.log'))
        .slice(0, 40)
        .map((line) => line.split(': ')[1]?.split(','));
      expect(searched).toEqual(['filter']);
      expect((packets as Row[]).map(({ action }) => action)).toEqual(wanted.map((fields) => fields?.[6]));
      for (const [index, { source, on }] of (packets as Row[]).entries()) {
        const address = wanted[index]?.[wanted[index]?.[8] === '4' ? 18 : 15];
        expect(source).toContain(address);
        expect(on).toMatch(/^(?:WAN|LAN|GUEST) (?:in|out)$/);
      }
    });

    test('joins packets to the rule that logged them, and says when it cannot be sure', async () => {
      const found = await rows('pf_log_search', 'packets', { log: 'filter', limit: 40 });
      expect(found).toContainEqual(expect.objectContaining({ rule: 'Default deny rule IPv4 #1000000103' }));
      expect(found).toContainEqual(
        expect.objectContaining({ rule: null, doubt: 'no rule has tracker 1699999999 any more' }),
      );
    });

    test('filters packets by network, port, interface and action', async () => {
      const found = await rows('pf_log_search', 'packets', {
        address: '203.0.113.0/24',
        port: 22,
        interface: 'wan',
        action: 'block',
        limit: 20,
      });
      expect(found.length).toBeGreaterThan(0);
      for (const { source, destination, on, action } of found) {
        expect([source, destination].join()).toMatch(/203\.0\.113\./);
        expect(destination).toMatch(/:22$/);
        expect([on, action]).toEqual(['WAN in', 'block']);
      }
      const none = await ask('pf_log_search', { address: '233.252.0.9' });
      expect(none).toMatchObject({ lines: [], matched: 0, searched: ['filter'] });
    });

    test('goes on into rotated and compressed files, and says where the log starts', async () => {
      const {
        startsAt,
        matched,
        notes = [],
      } = await ask('pf_log_search', { log: 'filter', text: 'fragment', limit: 100 });
      const oldestOfNewest = (await lastLines('/var/log/filter.log')).at(-1)?.slice(0, 15);
      expect(notes).not.toContainEqual(expect.stringContaining('not read'));
      expect(matched).toBeGreaterThan((await target.readFile('/var/log/filter.log')).match(/fragment/g)?.length ?? 0);
      const year = String(startsAt).slice(0, 4);
      expect(Date.parse(String(startsAt))).toBeLessThan(Date.parse(`${oldestOfNewest} ${year} UTC`));
    });

    test('searches all logs at once, newest first', async () => {
      const { lines, packets = [], searched } = await ask('pf_log_search', { log: 'all', limit: 100 });
      expect((searched as string[]).length).toBeGreaterThan(2);
      const times = (lines as Row[]).flatMap(({ at }) => (at === null ? [] : Date.parse(String(at))));
      expect(times).toEqual([...times].sort((a, b) => b - a));
      const newest = Math.max(...times, ...(packets as Row[]).map(({ at }) => Date.parse(String(at))));
      for (const log of ['system', 'filter', 'auth']) {
        const alone = await ask('pf_log_search', { log, limit: 1 });
        const [last] = [...(alone['lines'] as Row[]), ...((alone['packets'] ?? []) as Row[])];
        // The firewall goes on logging between the two questions.
        expect(Date.parse(String(last?.['at'])) - newest).toBeLessThan(60_000);
      }
    });

    test('gives times with year and offset, in the time zone of the firewall', async () => {
      const { lines, timezone, now } = await ask('pf_log_search', { log: 'auth', limit: 3 });
      expect(timezone).toBe(textAt(config, 'system/timezone'));
      for (const { at } of lines as Row[]) expect(at).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}[+-]\d\d:\d\d$/);
      expect(now).toMatch(/^\d{4}-/);
    });

    test('an unknown log is answered by the names the firewall has', async () => {
      const { isError, content } = await client.call('pf_log_search', { log: 'nosuch' });
      expect(isError).toBe(true);
      expect(JSON.stringify(content)).toMatch(/It has: .*\bfilter\b/);
    });
  });

  test(`${INJECTIONS.length} injections through the text arguments change nothing and break nothing`, async () => {
    for (const [index, payload] of INJECTIONS.entries()) {
      const places: readonly [string, Row][] = [
        ['pf_state_search', { interface: payload, protocol: payload.slice(0, 12), state: payload, tracker: payload }],
        ['pf_alias_search', { text: payload, address: payload }],
        ['pf_log_search', { interface: payload, tracker: payload, log: payload, text: payload }],
        ['pf_alias_search', { text: payload }],
        ['pf_log_search', { interface: payload, log: 'filter' }],
        ['pf_nat_list', { text: payload }],
        ['pf_state_search', { interface: payload.slice(0, 60) }],
      ];
      const [tool, args] = places[index % places.length] ?? ['pf_nat_list', {}];
      await client.call(tool, args);
    }
    expect(await ask('pf_nat_list')).toMatchObject({ servedBy: 'warm session' });
    await expect(target.readFile('/tmp/pfsense-mcp-canary')).rejects.toThrow();
    expect(await ask('pf_health')).toMatchObject({ firewalls: [{ handshakes: 1 }] });
  }, 120_000);
});
