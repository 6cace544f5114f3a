import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EFFECTS } from '../../src/core/bounds.ts';
import type { PolicyRule } from '../../src/core/settings.ts';
import { Settings } from '../../src/core/settings.ts';
import { offeredTools } from '../../src/server/offer.ts';
import { permit } from '../../src/server/permit.ts';
import { TOOLS } from '../../src/tools/index.ts';

const levelOf = ({ effect, level = effect }: (typeof TOOLS)[number]) => level;
const namesFor = (permissions: readonly (typeof EFFECTS)[number][], deny: readonly PolicyRule[] = []): string[] =>
  offeredTools({ settings: { permissions: [...permissions], deny: [...deny] }, firewalls: ['fw'] }).map(
    ({ tool }) => tool.name,
  );
const isPermitted = (settings: Settings, tool: (typeof TOOLS)[number]): boolean => {
  try {
    permit(settings, tool, 'fw');
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'refused' });
    return false;
  }
};

describe('a tool', () => {
  test.each(TOOLS.map((tool) => [tool.name, tool] as const))('%s is there for its level alone', (name, tool) => {
    fc.assert(
      fc.property(fc.subarray([...EFFECTS]), (permissions) => {
        const isMeant = permissions.includes(levelOf(tool));
        expect(namesFor(permissions).includes(name)).toBe(isMeant);
        expect(isPermitted(Settings.parse({ permissions }), tool)).toBe(isMeant);
      }),
      { numRuns: 16 },
    );
  });

  test('that changes something is not at the level of reads', () => {
    for (const tool of TOOLS) if (tool.effect !== 'read') expect(levelOf(tool), tool.name).not.toBe('read');
  });

  test('that a rule denies is brought back by no other setting', () => {
    const Glob = fc.constantFrom('*', 'pf_*', 'pf_change_*', '*_apply', ...TOOLS.map(({ name }) => name));
    const Rule = fc.record({ tool: Glob, firewall: fc.constantFrom('*', 'fw', 'other') }, { requiredKeys: [] });
    const More = fc.record({
      permissions: fc.subarray([...EFFECTS]),
      allow: fc.option(fc.array(fc.record({ kind: fc.constantFrom('*', 'alias.*') })), { nil: undefined }),
      approve: fc.array(fc.record({ kind: fc.constantFrom('*', 'alias.*') })),
      maxChangesPerHour: fc.nat(100),
      changeUntested: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(Rule), fc.constantFrom(...TOOLS), More, (rules, tool, { allow, ...more }) => {
        const deny = [...rules, { tool: tool.name }];
        const settings = Settings.parse({ ...more, deny, ...(allow === undefined ? {} : { allow }) });
        expect(isPermitted(settings, tool)).toBe(false);
        expect(offeredTools({ settings, firewalls: ['fw'] }).map((one) => one.tool.name)).not.toContain(tool.name);
      }),
    );
  });
});

test('the default settings offer reads and nothing else', () => {
  const { permissions, deny } = Settings.parse({});
  const offered = namesFor(permissions, deny);
  expect(offered.length).toBeGreaterThan(10);
  for (const tool of TOOLS)
    if (offered.includes(tool.name)) expect([tool.effect, levelOf(tool)]).toEqual(['read', 'read']);
});
