import { fork } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallRecord } from '../../src/alan/events.ts';
import { memoryStore } from '../../src/alan/memory-store.ts';
import { openStore, type Store } from '../../src/alan/open.ts';
import type { RuleReading, RuleSample } from '../../src/alan/rule-watch.ts';
import { MIGRATIONS } from '../../src/alan/schema.ts';
import type { Snapshot } from '../../src/alan/snapshot.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (options = {}): Promise<Store> => openStore({ folder, retentionDays: 30, maxMegabytes: 100, ...options });

const call = (change: Partial<CallRecord> = {}): CallRecord => ({
  tool: 'pf_test',
  firewall: 'fw',
  complexity: 'simple',
  durationMs: 5,
  success: true,
  errorType: undefined,
  isCensored: false,
  rung: 'warm session',
  preview: '{}',
  at: Date.now(),
  ...change,
});

describe.each([
  ['SQLite', () => open()],
  ['memory', async () => memoryStore('a test')],
])('the store in %s', (_name, make) => {
  test('gives back what was recorded', async () => {
    const store = await make();
    const failed = call({ success: false, errorType: 'timeout', isCensored: true, durationMs: 5_000 });
    store.record(call());
    store.record(failed);
    store.record(call({ firewall: 'other' }));
    expect(store.calls(0, 'fw')).toEqual([call({ at: expect.any(Number) }), { ...failed, at: expect.any(Number) }]);
    expect(store.calls(0)).toHaveLength(3);
    expect(store.calls(Date.now() + 1_000)).toEqual([]);
    store.close();
  });

  test('gives latencies oldest first, without failures that say nothing about time', async () => {
    const store = await make();
    store.record(call({ durationMs: 1 }));
    store.record(call({ durationMs: 2, success: false, errorType: 'bad_reply' }));
    store.record(call({ durationMs: 3, success: false, errorType: 'timeout', isCensored: true }));
    store.calls(0);
    expect(store.latencies('fw', 'simple')).toEqual([
      { ms: 1, isCensored: false },
      { ms: 3, isCensored: true },
    ]);
    store.close();
  });

  test('remembers refused credentials until they are cleared', async () => {
    const store = await make();
    store.latch('fw', 'abc');
    expect(store.isLatched('fw', 'abc')).toBe(true);
    expect(store.isLatched('other', 'abc')).toBe(false);
    store.clear('fw');
    expect(store.isLatched('fw', 'abc')).toBe(false);
    store.close();
  });

  test('keeps the state of breakers and health samples', async () => {
    const store = await make();
    store.saveBreaker('fw', '{"a":1}', 7);
    store.recordHealth({ firewall: 'fw', ok: true, durationMs: 3, at: 10 });
    expect(store.loadBreaker('fw')).toEqual({ state: '{"a":1}', savedAt: 7 });
    expect(store.health(0, 'fw')).toEqual([{ firewall: 'fw', ok: true, durationMs: 3, at: 10 }]);
    store.close();
  });
});

const look = (at: number, packets: number): RuleSample => ({
  at,
  epoch: 1,
  countedMs: 0,
  loadedMs: 0,
  keepsCounters: true,
  rules: new Map([['100', { packets, states: 0, lastActiveAt: null }]]),
});

const state = (at: number, version: string): Snapshot => ({
  at,
  version,
  parts: { interface: {}, gateway: {}, service: {}, package: {}, certificate: null, rules: { loaded: '7' } },
});

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe.each([
  ['SQLite', () => open()],
  ['memory', async () => memoryStore('a test')],
])('the memory of firewalls in %s', (_name, make) => {
  test('follows the rules of each firewall by itself', async () => {
    const store = await make();
    store.memoryOf('fw').watchRules(look(DAY, 0));
    store.memoryOf('fw').watchRules(look(3 * DAY, 5));
    const watch = store.memoryOf('fw').watchRules(look(5 * DAY, 5));
    expect(watch.rules.get('100')).toMatchObject({ watchedSince: DAY, lastUsed: 3 * DAY, uses: 5 });
    expect(
      store
        .memoryOf('other')
        .watchRules(look(5 * DAY, 5))
        .rules.get('100'),
    ).toMatchObject({ watchedSince: 5 * DAY });
    store.close();
  });

  test('keeps the newest state of a day, and the last of a version whatever its age', async () => {
    const store = await make();
    const memory = store.memoryOf('fw');
    for (const hours of [1, 2, 25]) memory.keepSnapshot(state(hours * HOUR, '2.7'));
    for (const day of [2, 3, 100]) memory.keepSnapshot(state(day * DAY + 1, '2.8'));
    expect(memory.snapshots().map(({ at }) => at)).toEqual([25 * HOUR, 100 * DAY + 1]);
    memory.keepSnapshot(state(100 * DAY + HOUR, '2.8'));
    memory.keepSnapshot(state(101 * DAY, '2.8'));
    expect(memory.snapshots().map(({ at }) => at)).toEqual([25 * HOUR, 100 * DAY + HOUR, 101 * DAY]);
    expect(store.memoryOf('other').snapshots()).toEqual([]);
    store.close();
  });
});

describe('the database', () => {
  test('writes what it saw of rules once an hour, and sooner when a rule came into use', async () => {
    const first = await open();
    const second = await open();
    first.memoryOf('fw').watchRules(look(10 * DAY, 0));
    first.memoryOf('fw').watchRules(look(10 * DAY + HOUR / 2, 0));
    const database = () => new Database(join(folder, 'alan.db'), { readonly: true });
    const writtenAt = () => Reflect.get(Object(database().prepare('SELECT at FROM rule_watches').get()), 'at');
    expect(writtenAt()).toBe(10 * DAY);
    second.memoryOf('fw').watchRules(look(10 * DAY + HOUR / 2, 3));
    expect(writtenAt()).toBe(10 * DAY + HOUR / 2);
    second.memoryOf('fw').watchRules(look(10 * DAY + 0.75 * HOUR, 9));
    expect(writtenAt()).toBe(10 * DAY + HOUR / 2);
    first.close();
    second.close();
  });

  test('lets two processes watch the same rules as one', async () => {
    const first = await open();
    const second = await open();
    first.memoryOf('fw').watchRules(look(DAY, 0));
    second.memoryOf('fw').watchRules(look(DAY + HOUR, 4));
    const watch = first.memoryOf('fw').watchRules(look(DAY + 2 * HOUR, 6));
    expect(watch.rules.get('100')).toMatchObject({ uses: 6, watchedSince: DAY });
    expect(watch.windows).toEqual([{ began: DAY, ended: DAY + 2 * HOUR, coveredMs: 2 * HOUR }]);
    first.close();
    second.close();
  });

  test('remembers rules and states over a restart', async () => {
    const first = await open();
    first.memoryOf('fw').watchRules(look(DAY, 0));
    first.memoryOf('fw').keepSnapshot(state(DAY, '2.7'));
    first.close();
    const second = await open();
    expect(second.memoryOf('fw').watchRules(look(9 * DAY, 0)).windows).toMatchObject([{ coveredMs: 8 * DAY }]);
    expect(second.memoryOf('fw').snapshots()).toEqual([state(DAY, '2.7')]);
    second.close();
  });

  test('of the version before is brought up without losing anything', async () => {
    const old = new Database(join(folder, 'alan.db'));
    old.exec(MIGRATIONS[0] ?? '');
    old.pragma('user_version = 1');
    old.exec("INSERT INTO breaker_states VALUES ('fw', 'kept', 7)");
    old.close();
    const store = await open();
    expect(store.loadBreaker('fw')).toEqual({ state: 'kept', savedAt: 7 });
    expect(store.memoryOf('fw').watchRules(look(DAY, 1)).rules.size).toBe(1);
    store.close();
  });

  test('stays small with many rules watched for years', async () => {
    const store = await open();
    const rules = new Map(
      Array.from({ length: 2_000 }, (_, n): [string, RuleReading] => [
        `${n}`,
        { packets: n, states: 0, lastActiveAt: null },
      ]),
    );
    for (let hour = 0; hour < 40; hour += 1)
      store.memoryOf('fw').watchRules({ ...look(DAY * hour, 0), epoch: hour * 100, rules });
    store.prune();
    store.close();
    expect(statSync(join(folder, 'alan.db')).size).toBeLessThan(1024 * 1024);
  });

  test('stays below its cap without forgetting what takes years to learn', async () => {
    const store = await open({ maxMegabytes: 1 });
    store.memoryOf('fw').watchRules(look(DAY, 0));
    for (let n = 0; n < 8_000; n += 1) store.record(call({ preview: 'x'.repeat(400) }));
    store.calls(0);
    store.prune();
    expect(store.memoryOf('fw').watchRules(look(2 * DAY, 0)).windows).toMatchObject([{ coveredMs: DAY }]);
    store.close();
  });

  test('survives a restart', async () => {
    const first = await open();
    first.record(call());
    first.latch('fw', 'abc');
    const key = first.hashKey();
    first.close();
    const second = await open();
    expect(second.kind).toBe('sqlite');
    expect(second.calls(0)).toHaveLength(1);
    expect(second.isLatched('fw', 'abc')).toBe(true);
    expect(second.hashKey()).toEqual(key);
    second.close();
  });

  test('can be read by its owner only', async () => {
    (await open()).close();
    expect(statSync(join(folder, 'alan.db')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'latch.key')).mode & 0o777).toBe(0o600);
  });

  test('forgets what is too old', async () => {
    const store = await open({ retentionDays: 1 });
    store.record(call({ at: Date.now() - 2 * 86_400_000 }));
    store.record(call());
    expect(store.calls(0)).toHaveLength(2);
    store.prune();
    expect(store.calls(0)).toHaveLength(1);
    store.close();
  });

  test('stays below its cap', async () => {
    const store = await open({ maxMegabytes: 1 });
    for (let n = 0; n < 8_000; n += 1) store.record(call({ preview: 'x'.repeat(400) }));
    store.calls(0);
    store.prune();
    expect(store.calls(0).length).toBeLessThan(8_000);
    expect(store.calls(0).length).toBeGreaterThan(0);
    store.close();
  });

  test('that is broken is put aside and begun anew', async () => {
    writeFileSync(join(folder, 'alan.db'), 'this is no database, but long enough to be looked at as one'.repeat(100));
    const store = await open();
    expect(store.kind).toBe('sqlite');
    expect(readdirSync(folder).some((name) => name.startsWith('alan.db.broken-'))).toBe(true);
    store.close();
  });

  test('that cannot be opened is replaced by memory, which says why', async () => {
    writeFileSync(join(folder, 'file'), '');
    const store = await openStore({ folder: join(folder, 'file', 'below'), retentionDays: 1, maxMegabytes: 1 });
    expect(store.kind).toBe('memory');
    expect(store.reason).toMatch(/cannot be opened/);
  });

  test('takes the records of several processes at once', async () => {
    const writer = new URL('./writer.ts', import.meta.url);
    const exits = Array.from({ length: 4 }, () => {
      const child = fork(writer, [folder], { execArgv: ['--import', 'tsx'] });
      return new Promise((resolve) => child.once('exit', resolve));
    });
    expect(await Promise.all(exits)).toEqual([0, 0, 0, 0]);
    const store = await open();
    expect(store.calls(0)).toHaveLength(400);
    store.close();
  }, 30_000);
});
