import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openStore, type Store } from '../../src/alan/open.ts';
import type { Snapshot } from '../../src/alan/snapshot.ts';
import { listAt, textAt } from '../../src/config/model.ts';
import type { SshConnection } from '../../src/ssh/connection.ts';
import type { PhpSession } from '../../src/ssh/php-session.ts';
import { type Asking, configOf, rowsOf, startAsking } from './asking.ts';
import { ask, open, session } from './driver.ts';
import { openTarget, type Target, USERS } from './target.ts';

const DAY = 86_400_000;

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

/** What pf prints, read by this test's own eyes. */
const Printed = z.object({
  rules: z.string(),
  loadedAt: z.int(),
  keeps: z.boolean(),
  enabled: z.string(),
  now: z.int(),
});

interface Rule {
  packets: number;
  states: number;
  activeAt: number;
}

describe.each(USERS)('what is remembered of a firewall, asked as %s', (user) => {
  let connection: SshConnection;
  let php: PhpSession;
  let folder: string;
  let store: Store;
  let asking: Asking;
  beforeAll(async () => {
    connection = await open(target.users[user] ?? { host: '' });
    php = await session(connection);
  });
  afterAll(() => connection.close());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
    store = await openStore({ folder, retentionDays: 30, maxMegabytes: 100 });
    asking = await startAsking(target, user, { store });
  });
  afterEach(async () => {
    await asking.close();
    store.close();
    rmSync(folder, { recursive: true });
  });

  async function printed() {
    const seen = Printed.parse(
      await ask(
        php,
        `return [
           'rules' => McpBox::run(['/sbin/pfctl', '-vvsr'])['stdout'],
           'enabled' => McpBox::run(['/sbin/pfctl', '-si'])['stdout'],
           'loadedAt' => (int) filemtime('/tmp/rules.debug'),
           'keeps' => (bool) preg_match('/^set keepcounters/m', file_get_contents('/tmp/rules.debug')),
           'now' => time(),
         ];`,
      ),
    );
    const rules = new Map<string, Rule>();
    for (const block of seen.rules.split(/^@/m)) {
      const tracker = /ridentifier (\d+)/.exec(block)?.[1];
      if (tracker === undefined) continue;
      const before = rules.get(tracker) ?? { packets: 0, states: 0, activeAt: 0 };
      rules.set(tracker, {
        packets: before.packets + Number(/Packets: (\d+)/.exec(block)?.[1] ?? 0),
        states: before.states + Number(/States: (\d+)/.exec(block)?.[1] ?? 0),
        activeAt: Math.max(before.activeAt, Date.parse(`${/Active Time: (.*\d) \]/.exec(block)?.[1]} UTC`) || 0),
      });
    }
    const [, days = 0, hours = 0, minutes = 0, seconds = 0] =
      /Enabled for (\d+) days? (\d+):(\d+):(\d+)/.exec(seen.enabled)?.map(Number) ?? [];
    const started = seen.now - (((days * 24 + hours) * 60 + minutes) * 60 + seconds);
    return { rules, epoch: seen.keeps ? started : seen.loadedAt, keepsCounters: seen.keeps };
  }

  /** A look from the past with the counters of now. */
  async function lookBefore(days: number, change: { epoch?: number } = {}) {
    const { rules, epoch, keepsCounters } = await printed();
    const readings = [...rules].map(
      ([tracker, { packets }]): [string, { packets: number; states: number; lastActiveAt: null }] => [
        tracker,
        { packets, states: 0, lastActiveAt: null },
      ],
    );
    const sample = { at: Date.now() - days * DAY, epoch, countedMs: 0, loadedMs: 0, keepsCounters, ...change };
    store.memoryOf('fw').watchRules({ ...sample, rules: new Map(readings) });
    return rules;
  }

  /** Trackers of rules that stand still by what pf prints, and were not edited in the days. */
  async function standingStill(before: ReadonlyMap<string, Rule>, days: number) {
    const now = (await printed()).rules;
    const config = await configOf(target);
    const since = Date.now() - days * DAY;
    const trackers = listAt(config, 'filter/rule').filter((rule) => {
      const tracker = textAt(rule, 'tracker')?.replace(/^0+/, '') ?? '';
      const [then, seen] = [before.get(tracker), now.get(tracker)];
      if (!then || !seen || typeof rule === 'string' || Object.hasOwn(rule, 'disabled')) return false;
      const isStill = seen.states === 0 && seen.packets === then.packets && seen.activeAt < since;
      return isStill && Number(textAt(rule, 'updated/time') ?? 0) * 1000 < since;
    });
    return trackers.map((rule) => textAt(rule, 'tracker'));
  }

  test('no rule is called unused that was not watched for so long', async () => {
    const answer = await asking.ask('pf_rule_search', { unusedForDays: 3650, limit: 200 });
    expect(answer).toMatchObject({ rules: [], watch: { notWatchedLongEnough: { total: expect.any(Number) } } });
    expect(JSON.stringify(answer['notes'])).toContain('of 3650 days');
  });

  test('rules whose counters stood still are unused, each with when it was used and since when it is watched', async () => {
    const before = await lookBefore(100);
    const wanted = await standingStill(before, 90);
    const answer = await asking.ask('pf_rule_search', { unusedForDays: 90, limit: 200 });
    const rows = rowsOf(answer, 'rules');
    expect(rows.map(({ tracker }) => tracker).toSorted()).toEqual(wanted.toSorted());
    // The lab has rules that no packet ever meets; other boxes may have none that stand still.
    expect(wanted.length > 0 || !target.name.startsWith('lab')).toBe(true);
    for (const row of rows) {
      const { packets = 0 } = before.get(String(row['tracker']).replace(/^0+/, '')) ?? {};
      const watchedSince = z.string().parse(row['watchedSince']);
      // What was counted before the first look was used then at the latest.
      expect(row['lastUsed']).toBe(packets === 0 ? null : watchedSince);
    }
    expect(answer['watch']).toMatchObject({ watchedDays: 90, gaps: 0, longestGapHours: 0 });
  });

  test('after a reload that nobody watched, the same rules are not watched long enough', async () => {
    const before = await lookBefore(100, { epoch: 1 });
    const wanted = await standingStill(before, 90);
    const answer = await asking.ask('pf_rule_search', { unusedForDays: 90, limit: 200 });
    // Counters that began anew are uses that were not seen before.
    const idle = wanted.filter((tracker) => before.get(tracker?.replace(/^0+/, '') ?? '')?.packets === 0);
    const known = z.object({ gaps: z.int(), notWatchedLongEnough: z.object({ trackers: z.array(z.string()) }) });
    const { gaps, notWatchedLongEnough } = known.parse(answer['watch']);
    expect(answer['rules']).toEqual([]);
    expect(notWatchedLongEnough.trackers).toEqual(expect.arrayContaining(idle));
    expect(gaps).toBe(1);
  });

  test('what is kept holds neither names nor addresses of rules', async () => {
    await asking.ask('pf_rule_search', {});
    await asking.ask('pf_rule_search', { unusedForDays: 1 });
    const kept = readdirSync(folder)
      .filter((name) => name.startsWith('alan.db'))
      .map((name) => readFileSync(join(folder, name), 'latin1'))
      .join('');
    const descriptions = listAt(await configOf(target), 'filter/rule').flatMap((rule) => textAt(rule, 'descr') || []);
    expect(descriptions.filter((text) => text.length > 6 && kept.includes(text))).toEqual([]);
    const trackers = listAt(await configOf(target), 'filter/rule').flatMap((rule) => textAt(rule, 'tracker') || []);
    expect(trackers.some((tracker) => kept.includes(tracker))).toBe(true);
  });

  test('a status leaves a state to compare with, and says when there is none before', async () => {
    const first = await asking.ask('pf_system_status', { compareWith: 'before-upgrade' });
    expect(first).toMatchObject({ comparison: null });
    expect(JSON.stringify(first['notes'])).toContain('no earlier snapshot');
    const [kept] = store.memoryOf('fw').snapshots();
    expect(kept?.version).toBe((await target.readFile('/etc/version')).trim());
    const services = rowsOf(await asking.ask('pf_service_list'), 'services');
    expect(Object.keys(kept?.parts.service ?? {}).length).toBeGreaterThan(0);
    for (const { name, running } of services.filter(({ mode, id }) => mode === null && id === null))
      expect(kept?.parts.service).toHaveProperty(String(name), running ? 'running' : 'stopped');
    const gateways = rowsOf(await asking.ask('pf_gateway_status'), 'gateways').map(({ name }) => name);
    expect(Object.keys(kept?.parts.gateway ?? {}).toSorted()).toEqual(gateways.toSorted());
    const packages = rowsOf(await asking.ask('pf_package_list'), 'packages');
    expect(kept?.parts.package).toEqual(Object.fromEntries(packages.map(({ name, installed }) => [name, installed])));
  });

  test('after an upgrade only what differs is told', async () => {
    await asking.ask('pf_system_status', {});
    const [now] = store.memoryOf('fw').snapshots();
    if (!now) throw new Error('Nothing was kept.');
    const earlier: Snapshot = {
      version: '2.6.0-RELEASE',
      at: now.at - 2 * DAY,
      parts: {
        ...now.parts,
        gateway: { ...now.parts.gateway, OLD_DSL: 'online' },
        service: { ...now.parts.service, 'openvpn server 99': 'running' },
        package: null,
      },
    };
    const other = await openStore({
      folder: mkdtempSync(join(folder, 'other-')),
      retentionDays: 30,
      maxMegabytes: 100,
    });
    other.memoryOf('fw').keepSnapshot(earlier);
    const later = await startAsking(target, user, { store: other });
    const answer = await later.ask('pf_system_status', { compareWith: 'before-upgrade' });
    await later.close();
    other.close();
    expect(answer).not.toHaveProperty('attention');
    expect(answer['comparison']).toMatchObject({
      with: { version: '2.6.0-RELEASE', at: new Date(earlier.at).toISOString() },
      differences: [
        { what: 'gateway', name: 'OLD_DSL', was: 'online', is: null },
        { what: 'service', name: 'openvpn server 99', was: 'running', is: null },
      ],
      notCompared: expect.arrayContaining(['package', 'VPN tunnels and clients']),
    });
  });

  test('a date stands for the state at its end, and a text that is none is refused', async () => {
    await asking.ask('pf_system_status', {});
    const today = new Date().toISOString().slice(0, 10);
    expect(await asking.ask('pf_system_status', { compareWith: today })).toMatchObject({
      comparison: { differences: [] },
    });
    const before = await asking.ask('pf_system_status', { compareWith: '2020-01-01' });
    expect(before).toMatchObject({ comparison: null });
    expect(JSON.stringify(before['notes'])).toContain('the oldest is of');
    expect(await asking.refusal('pf_system_status', { compareWith: 'yesterday' })).toContain('bad_input');
  });

  test('ready for an upgrade is judged by what the box says, with what cannot be known named', async () => {
    const { upgrade, attention } = await asking.ask('pf_system_status', { detail: 'upgrade' });
    expect(attention).toBeUndefined();
    const seen = z.object({ code: z.string(), free: z.int(), dirty: z.int() }).parse(
      await ask(
        php,
        `preg_match('/\\s(\\d+)\\s+\\d+%\\s+\\/$/m', McpBox::run(['/bin/df', '-k', '/'])['stdout'], $m);
           return ['code' => (string) g_get('latest_config'), 'free' => 1024 * (int) $m[1], 'dirty' => count(glob('/var/run/*.dirty') ?: [])];`,
      ),
    );
    const isCurrent = textAt(await configOf(target), 'version') === seen.code;
    const isReady = isCurrent && seen.free >= 1024 ** 3 && seen.dirty === 0;
    expect(upgrade).toMatchObject({
      verdict: isReady ? 'ready' : 'not ready',
      unknown: expect.arrayContaining([expect.stringContaining('console')]),
    });
    const { facts } = z.object({ facts: z.object({ freeBytes: z.int() }) }).parse(upgrade);
    expect(Math.abs(facts.freeBytes - seen.free)).toBeLessThan(64 * 1024 ** 2);
  });
});
