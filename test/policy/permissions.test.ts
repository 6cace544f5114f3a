import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EFFECTS } from '../../src/core/bounds.ts';
import { judge } from '../../src/policy/permissions.ts';

const request = { tool: 'pf_rule_search', effect: 'read', firewall: 'fw1' } as const;
const allowed = (
  permissions: readonly (typeof EFFECTS)[number][],
  deny: { tool?: string; firewall?: string }[] = [],
): boolean => judge({ permissions: [...permissions], deny }, request).isAllowed;

describe('permissions', () => {
  test('are an exact set: no level implies another', () => {
    fc.assert(
      fc.property(fc.subarray([...EFFECTS]), fc.constantFrom(...EFFECTS), (permissions, effect) => {
        const { isAllowed } = judge({ permissions, deny: [] }, { ...request, effect });
        expect(isAllowed).toBe(permissions.includes(effect));
      }),
    );
  });

  test.each([
    [{ tool: 'pf_rule_search' }],
    [{ tool: 'pf_*' }],
    [{ tool: '*_search' }],
    [{ tool: '*' }],
    [{ firewall: 'fw*' }],
    [{ tool: 'pf_*_search', firewall: 'fw1' }],
    [{}],
  ])('are narrowed by %j', (rule) => {
    expect(allowed(['read'], [rule])).toBe(false);
  });

  test.each([
    [{ tool: 'pf_config_get' }],
    [{ tool: 'pf_rule' }],
    [{ firewall: 'fw2' }],
    [{ tool: '*', firewall: 'other' }],
  ])('are not touched by %j', (rule) => {
    expect(allowed(['read'], [rule])).toBe(true);
  });

  test('nothing that is added brings back what a deny rule forbids', () => {
    const rule = fc.record({ tool: fc.constantFrom('pf_*', 'x', '*'), firewall: fc.constantFrom('*', 'fw1', 'fw2') });
    fc.assert(
      fc.property(fc.array(rule), (others) => {
        expect(allowed([...EFFECTS], [...others, { tool: 'pf_rule_*' }])).toBe(false);
      }),
    );
  });
});
