import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EFFECTS } from '../../src/core/bounds.ts';
import { offeredTools } from '../../src/server/offer.ts';
import { TOOLS } from '../../src/tools/index.ts';

const settings = { permissions: [...EFFECTS], deny: [] };
const offered = offeredTools({ settings, firewalls: ['fw'] });

describe.each(offered.map((offer) => [offer.tool.name, offer] as const))(
  '%s',
  (name, { tool, inputSchema, outputSchema }) => {
    test('looks to clients as it did (UPDATE_SURFACE=1 accepts a change)', () => {
      const file = new URL(`./${name}.json`, import.meta.url);
      const { title, description, effect, toolset } = tool;
      const surface = `${JSON.stringify({ name, title, description, effect, toolset, inputSchema, outputSchema }, null, 2)}\n`;
      if (process.env['UPDATE_SURFACE'] === '1') writeFileSync(file, surface);
      expect(readFileSync(file, 'utf8')).toBe(surface);
    });

    test('keeps to the rules of names and sizes', () => {
      expect(name).toMatch(/^pf_[a-z]+(?:_[a-z]+)?$/);
      expect(tool.description.length).toBeLessThanOrEqual(600);
      // A combination at the top makes some clients reject the whole list.
      expect(Object.keys(inputSchema)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(?:anyOf|oneOf|allOf)$/)]),
      );
      expect(inputSchema['additionalProperties']).toBe(false);
    });
  },
);

test('there are few tools, and their list is cheap', () => {
  const costs: Record<string, number> = JSON.parse(
    readFileSync(new URL('../../src/tools/token-costs.json', import.meta.url), 'utf8'),
  );
  expect(offeredTools({ settings: { permissions: ['read'], deny: [] }, firewalls: [] }).length).toBeLessThanOrEqual(25);
  expect(Object.keys(costs).sort()).toEqual(TOOLS.map(({ name }) => name).sort());
  expect(Object.values(costs).reduce((sum, cost) => sum + cost, 0)).toBeLessThan(8_000);
});

test('an argument to choose the firewall appears only when there are several', () => {
  const has = (firewalls: string[]) =>
    offeredTools({ settings, firewalls }).filter(({ inputSchema }) =>
      JSON.stringify(inputSchema).includes('"firewall"'),
    ).length;
  expect(has([])).toBe(0);
  expect(has(['a'])).toBe(0);
  expect(has(['a', 'b'])).toBe(TOOLS.filter(({ target }) => target === 'firewall').length);
});

test('what the permissions forbid is not offered', () => {
  const changing = offeredTools({ settings: { permissions: ['config'], deny: [] }, firewalls: [] });
  expect(changing.filter(({ tool }) => tool.toolset !== 'change')).toEqual([]);
  const reading = offeredTools({ settings: { permissions: ['read'], deny: [] }, firewalls: [] });
  expect(reading.filter(({ tool }) => tool.toolset === 'change')).toEqual([]);
  const without = offeredTools({ settings: { permissions: ['read'], deny: [{ tool: 'pf_log_*' }] }, firewalls: [] });
  expect(without.map(({ tool }) => tool.name)).not.toContain('pf_log_search');
  const some = offeredTools({ settings: { permissions: ['read'], deny: [], toolsets: ['logs'] }, firewalls: [] });
  expect(some.map(({ tool }) => tool.name)).toEqual(['pf_log_search']);
});
