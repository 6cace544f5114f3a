import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Asking, startAsking } from './asking.ts';
import { openTarget, type Target, USERS } from './target.ts';

/** Snippets that were asked for, one for each request that went out on the wire. */
const asked = vi.hoisted((): string[] => []);
vi.mock('../../src/ssh/frames.ts', async (original) => {
  const frames = await original<typeof import('../../src/ssh/frames.ts')>();
  return {
    ...frames,
    encodeRequest(request: Parameters<typeof frames.encodeRequest>[0]) {
      asked.push(JSON.parse(JSON.stringify(request)).snippet);
      return frames.encodeRequest(request);
    },
  };
});

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

describe.each(USERS)('round trips of a warm session of %s', (user) => {
  let asking: Asking;
  beforeAll(async () => {
    asking = await startAsking(target, user);
  });
  afterAll(() => asking.close());
  beforeEach(() => {
    asked.length = 0;
  });

  test.each([
    ['pf_config_get', { path: 'system' }, 'config/get'],
    ['pf_config_get', { path: 'filter/rule', limit: 200 }, 'config/get'],
    ['pf_config_history', {}, 'config/history'],
    ['pf_config_history', { limit: 200, detail: 'detailed' }, 'config/history'],
    ['pf_system_status', {}, 'system/status'],
    ['pf_service_list', {}, 'service/list'],
    ['pf_gateway_status', {}, 'gateway/status'],
    ['pf_rule_search', {}, 'rule/list'],
    ['pf_host_explain', { host: '192.168.1.10' }, 'host/explain'],
    ['pf_path_explain', { source: '192.168.1.10', destination: '9.9.9.9', port: 443 }, 'path/explain'],
  ])('%s %j costs exactly one, each time it is asked', async (tool, args, snippet) => {
    const { notes: _first, ...first } = await asking.ask(tool, args);
    asked.length = 0;
    for (let time = 0; time < 3; time++) {
      const again = await asking.ask(tool, args);
      if (tool.startsWith('pf_config')) expect(again).toMatchObject({ ...first, servedBy: 'warm session' });
    }
    expect(asked).toEqual([snippet, snippet, snippet]);
  });

  test('a detailed status asks for the facts beside it, no more', async () => {
    await asking.ask('pf_system_status', { detail: 'detailed' });
    expect(asked.toSorted()).toEqual(['system/info', 'system/status']);
  });
});
