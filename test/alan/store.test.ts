import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallRecord } from '../../src/alan/events.ts';
import { memoryStore } from '../../src/alan/memory-store.ts';
import { openStore, type Store } from '../../src/alan/open.ts';

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

describe('the database', () => {
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
    const writer = new URL('./writer.mjs', import.meta.url);
    const built = new URL('../../dist/alan/open.js', import.meta.url);
    if (!existsSync(built)) throw new Error('Run `npm run build` first.');
    const exits = Array.from({ length: 4 }, () => {
      const child = fork(writer, [built.href, folder]);
      return new Promise((resolve) => child.once('exit', resolve));
    });
    expect(await Promise.all(exits)).toEqual([0, 0, 0, 0]);
    const store = await open();
    expect(store.calls(0)).toHaveLength(400);
    store.close();
  }, 30_000);
});
