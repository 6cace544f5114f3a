import { describe, expect, test } from 'vitest';
import { memoryStore } from '../../src/alan/memory-store.ts';
import type { ConfigTree } from '../../src/config/model.ts';
import { parseConfigXml } from '../../src/config/xml.ts';
import { type Box, configBox } from '../../src/pfsense/box.ts';
import aliasSearch from '../../src/tools/alias/search.ts';
import logSearch from '../../src/tools/log/search.ts';
import natList from '../../src/tools/nat/list.ts';
import ruleSearch from '../../src/tools/rule/search.ts';
import stateSearch from '../../src/tools/state/search.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { largeConfig } from '../scale/large-config.ts';

const config = parseConfigXml(largeConfig({ rules: 40, aliases: 10 }));

async function answer(tool: Tool, args: Record<string, unknown>, box: Box = offline(config)) {
  const notes: string[] = [];
  const memory = memoryStore('a test').memoryOf('fw');
  const health = () => {
    throw new Error('not asked');
  };
  const output = await tool.run(args as never, {
    box,
    note: (text) => void notes.push(text),
    audit: () => undefined,
    memory,
    health,
  });
  return { ...output, notes };
}

function offline(tree: ConfigTree): Box {
  return configBox('fw', tree, AbortSignal.timeout(5_000));
}

/** A live box whose snippet answers this. */
function live(reply: unknown): Box {
  return {
    name: 'fw',
    signal: AbortSignal.timeout(5_000),
    call: async (snippet) => snippet.output.parse(reply) as never,
  };
}

describe('from a configuration alone', () => {
  test('rules are listed, and what only pf knows is null with a note', async () => {
    const found = await answer(ruleSearch, { limit: 200, detail: 'detailed' });
    expect(found).toMatchObject({ total: 40, since: null, rulesLoadedAt: null, expanded: {} });
    expect(found.notes).toEqual([expect.stringContaining('Counters could not be read')]);
    for (const rule of Reflect.get(found, 'rules')) expect(rule).toMatchObject({ counters: null });
  });

  test('rules and tables that only pf knows are null, not none', async () => {
    expect(await answer(ruleSearch, { include: 'hidden' })).toMatchObject({ hidden: null, total: 0 });
    expect(await answer(aliasSearch, { kind: 'table' })).toMatchObject({ tables: null, total: 0 });
  });

  test('NAT is listed without the rules pfSense makes, and says so', async () => {
    const found = await answer(natList, {});
    expect(found).toMatchObject({ outbound: { mode: 'automatic', automaticSources: null }, total: 8 });
    expect(found.notes).toEqual([expect.stringContaining('could not be read')]);
  });

  test('aliases are searched by their members', async () => {
    const found = await answer(aliasSearch, { address: '10.1.1.11' });
    expect(found).toMatchObject({ aliases: [{ name: 'hosts_1', matchedBy: ['10.1.1.11'], live: null }], total: 1 });
    expect(found.notes).toEqual([expect.stringContaining('could not be read')]);
  });

  test.each([stateSearch, logSearch])('live status is refused, not empty: $name', async (tool) => {
    await expect(answer(tool, {})).rejects.toMatchObject({ code: 'live_only' });
  });
});

describe('on a live box', () => {
  const states = {
    current: 0,
    limit: 100,
    isRead: true,
    hasRules: true,
    isComplete: true,
    isKnownInterface: true,
    scanned: 0,
    matched: 0,
    states: [],
    talkers: [],
    talkerCount: 0,
  };

  test('an empty state table, one that pf does not list and one that was not read to its end differ', async () => {
    expect(await answer(stateSearch, {}, live(states))).toMatchObject({ states: [], total: 0, notes: [] });
    await expect(answer(stateSearch, {}, live({ ...states, isRead: false }))).rejects.toMatchObject({
      code: 'snippet_failed',
    });
    expect(await answer(stateSearch, {}, live({ ...states, isComplete: false, scanned: 7 }))).toMatchObject({
      notes: [expect.stringContaining('Time was over after 7 states')],
    });
  });

  test('an interface that nothing has is said, not answered by an empty list alone', async () => {
    expect(
      await answer(stateSearch, { interface: 'nosuch' }, live({ ...states, isKnownInterface: false })),
    ).toMatchObject({ notes: [expect.stringContaining('No assigned interface')] });
    expect((await answer(ruleSearch, { interface: 'nosuch' })).notes).toContainEqual(
      expect.stringContaining('No interface, group or tab has that name'),
    );
  });
});
