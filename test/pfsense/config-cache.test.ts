import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigCache } from '../../src/pfsense/config-cache.ts';
import { LiveBox, type LiveParts } from '../../src/pfsense/live-box.ts';
import { defineSnippet } from '../../src/pfsense/snippet.ts';

const declaration = {
  effect: 'read',
  complexity: 'config',
  input: z.strictObject({ path: z.string() }),
  output: z.object({ section: z.string() }),
} as const;
const kept = defineSnippet({ ...declaration, id: 'config/kept', revisioned: true });
const live = defineSnippet({ ...declaration, id: 'config/live' });

/** A firewall whose configuration has a stamp, and the requests that it got. */
function firewall() {
  const state = { stamp: 'one', section: 'first' };
  const requests: unknown[] = [];
  const answer = (input: object): unknown => {
    requests.push(input);
    const known = 'known' in input ? input.known : '';
    return known === state.stamp
      ? { unchanged: true, stamp: state.stamp }
      : { unchanged: false, stamp: state.stamp, section: state.section };
  };
  const session = {
    call: async (_program: unknown, input: object) => ({ value: answer(input), warnings: [], pending: [] }),
  };
  const sessions = { lease: async () => ({ session, isWarm: true, rung: 'warm session' }), release: () => undefined };
  const catalogue = { program: (id: string) => ({ id, sha256: '', source: '' }) };
  const parts = { name: 'fw', sessions, catalogue, configCache: new ConfigCache() } as unknown as LiveParts;
  const box = () =>
    new LiveBox(parts, {
      signal: AbortSignal.timeout(5_000),
      phase: 'run',
      remark: undefined,
      remainingMs: () => 5_000,
    });
  return { state, requests, box };
}

describe('what depends on the configuration alone', () => {
  test('is sent once while nothing changes, and again when something did', async () => {
    const { state, requests, box } = firewall();
    expect(await box().call(kept, { path: 'a' })).toEqual({ section: 'first' });
    expect(await box().call(kept, { path: 'a' })).toEqual({ section: 'first' });
    expect(requests).toEqual([{ path: 'a' }, { path: 'a', known: 'one' }]);
    Object.assign(state, { stamp: 'two', section: 'second' });
    expect(await box().call(kept, { path: 'a' })).toEqual({ section: 'second' });
    expect(requests.at(-1)).toEqual({ path: 'a', known: 'one' });
  });

  test('is kept for each question by itself', async () => {
    const { requests, box } = firewall();
    await box().call(kept, { path: 'a' });
    await box().call(kept, { path: 'b' });
    expect(requests).toEqual([{ path: 'a' }, { path: 'b' }]);
  });

  test('and nothing else is kept', async () => {
    const { requests, box } = firewall();
    await box().call(live, { path: 'a' });
    await box().call(live, { path: 'a' });
    expect(requests).toEqual([{ path: 'a' }, { path: 'a' }]);
  });
});

test('what is kept has a limit, and the oldest makes room', () => {
  const cache = new ConfigCache(100);
  const reply = (stamp: string) => ({ stamp, text: 'x'.repeat(30) });
  for (const name of ['a', 'b', 'c']) cache.keep(name, {}, reply(name));
  expect(['a', 'b', 'c'].map((name) => cache.find(name, {})?.stamp)).toEqual([undefined, undefined, 'c']);
  cache.keep('large', {}, { stamp: 's', text: 'x'.repeat(200) });
  expect(cache.find('large', {})).toBeUndefined();
  expect(cache.find('c', {})).toBeDefined();
});
