import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryStore } from '../../src/alan/memory-store.ts';
import { createLogger } from '../../src/core/log.ts';
import { Settings } from '../../src/core/settings.ts';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { createFleet, type Fleet } from '../../src/pfsense/fleet.ts';
import { AuditLog } from '../../src/policy/audit-log.ts';
import { type McpClient, memoryClient } from '../../src/server/client.ts';
import { createServer } from '../../src/server/mcp.ts';
import { labTarget } from '../contract/target.ts';
import { largeConfig } from './large-config.ts';

const STATES = 5_000;

/** What people ask about a packet filter, with nothing said about size. */
const CONCISE: readonly (readonly [string, Record<string, unknown>])[] = [
  ['pf_rule_search', {}],
  ['pf_rule_search', { interface: 'SEGMENT_1' }],
  ['pf_rule_search', { text: 'service 7', action: 'pass' }],
  ['pf_rule_search', { state: 'disabled' }],
  ['pf_rule_search', { include: 'hidden' }],
  ['pf_nat_list', {}],
  ['pf_nat_list', { kind: 'outbound' }],
  ['pf_alias_search', {}],
  ['pf_alias_search', { address: '10.3.3.12' }],
  ['pf_alias_search', { text: 'hosts_4' }],
  ['pf_alias_search', { kind: 'table' }],
  ['pf_alias_search', { kind: 'schedule' }],
  ['pf_state_search', {}],
  ['pf_state_search', { address: '192.168.1.50' }],
  ['pf_state_search', { top: 'bytes' }],
  ['pf_state_search', { top: 'sources' }],
  ['pf_state_search', { top: 'destinations' }],
  ['pf_log_search', {}],
  ['pf_log_search', { log: 'filter' }],
  ['pf_log_search', { log: 'all' }],
  ['pf_log_search', { address: '203.0.113.0/24', action: 'block' }],
];

/** The most that can be asked for in one call. */
const GREEDY = CONCISE.map(([tool, args]): readonly [string, Record<string, unknown>] => [
  tool,
  { ...args, limit: 200, ...(tool === 'pf_nat_list' ? {} : { detail: 'detailed' }) },
]);

let folder: string;
let lab: Lab;
let fleet: Fleet;
let client: McpClient;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
  const config = join(folder, 'config.xml');
  writeFileSync(config, largeConfig({ rules: 200, aliases: 100 }));
  lab = await startLab({ config });
  writeFileSync(join(lab.address.root, 'var/db/lab-states'), String(STATES));
  const settings = Settings.parse({ firewalls: { fw: labTarget(lab).users['root'] } });
  fleet = createFleet({ settings, store: memoryStore('a test'), stateDir: folder });
  const parts = { settings, fleet, audit: new AuditLog(folder), logger: createLogger('silent'), version: '0' };
  client = await memoryClient(createServer(parts));
}, 60_000);
afterAll(async () => {
  await client.close();
  await fleet.close();
  await lab.close();
  rmSync(folder, { recursive: true });
});

async function ask(tool: string, args: Record<string, unknown>) {
  const { isError, content, structuredContent } = await client.call(tool, args);
  const [first] = content;
  const text = first?.type === 'text' ? first.text : '';
  if (isError || !structuredContent) throw new Error(text);
  return { tokens: encode(text).length, answer: structuredContent };
}

describe('answers about a firewall with 200 rules, 100 aliases and 5,000 states', () => {
  test('see all of it', async () => {
    expect((await ask('pf_rule_search', {})).answer).toMatchObject({ total: 200 });
    expect((await ask('pf_alias_search', {})).answer).toMatchObject({ total: 100 });
    expect((await ask('pf_state_search', {})).answer).toMatchObject({ total: STATES });
  });

  test('cost at most 1,500 tokens in the median when nothing is said about size', async () => {
    const costs: number[] = [];
    for (const [tool, args] of CONCISE) costs.push((await ask(tool, args)).tokens);
    const sorted = costs.toSorted((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(1_500);
    expect(sorted.at(-1)).toBeLessThanOrEqual(2_500);
  });

  test('never cost more than 10,000 tokens, and what was left out is announced', async () => {
    for (const [tool, args] of GREEDY) {
      const { tokens, answer } = await ask(tool, args);
      expect([tool, args, tokens <= 10_000 ? 'fits' : tokens]).toEqual([tool, args, 'fits']);
      const all = Number(answer['total'] ?? answer['matched']);
      if (all > Number(answer['shown']) && args['top'] === undefined) expect(answer['cursor']).toBeDefined();
    }
  });

  test('walk through everything by the cursor', async () => {
    const seen = new Set<unknown>();
    let cursor: unknown;
    do {
      const { answer } = await ask('pf_rule_search', { limit: 200, detail: 'detailed', ...(cursor ? { cursor } : {}) });
      for (const { tracker } of answer['rules'] as { tracker: string }[]) seen.add(tracker);
      cursor = answer['cursor'];
    } while (cursor !== undefined);
    expect(seen.size).toBe(200);
  });
});
