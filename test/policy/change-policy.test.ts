import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EFFECTS } from '../../src/core/bounds.ts';
import type { ChangeRule, PolicyRule } from '../../src/core/settings.ts';
import { type ChangePolicy, type ChangesRequest, judgeChanges } from '../../src/policy/change-policy.ts';
import { judge } from '../../src/policy/permissions.ts';

const change = (kind: string, ...paths: string[]) => ({
  kind,
  level: 'config' as const,
  paths: paths.map((path) => path.split('/')),
});
function requestOf(...changes: ReturnType<typeof change>[]): ChangesRequest {
  return { tool: 'pf_change_plan', firewall: 'fw1', changes, paths: changes.flatMap(({ paths }) => paths) };
}
const policy = (more: Partial<ChangePolicy> = {}): ChangePolicy => ({
  permissions: ['read', 'config'],
  deny: [],
  allow: undefined,
  ...more,
});
const denied = (request: ChangesRequest, ...deny: PolicyRule[]): boolean =>
  !judgeChanges(policy({ deny }), request).isAllowed;
const allowed = (request: ChangesRequest, ...allow: ChangeRule[]): boolean =>
  judgeChanges(policy({ allow }), request).isAllowed;

describe('a change', () => {
  const ssh = requestOf(change('config.set', 'system/ssh/port'));

  test('needs the permission of its level, and no other stands for it', () => {
    fc.assert(
      fc.property(fc.subarray([...EFFECTS]), fc.constantFrom(...EFFECTS), (permissions, level) => {
        const request = requestOf();
        const changes = [{ kind: 'x.y', level, paths: [] }];
        const { isAllowed } = judgeChanges(policy({ permissions }), { ...request, changes });
        expect(isAllowed).toBe(permissions.includes(level));
      }),
    );
  });

  test.each<PolicyRule>([
    { kind: 'config.set' },
    { kind: 'config.*' },
    { path: 'system/ssh' },
    { path: 'system/ssh/port' },
    { path: 'system' },
    { path: 'system/*/port' },
    { path: '*' },
    { kind: '*', path: 'system/ssh', firewall: 'fw*', tool: 'pf_change_*' },
  ])('is forbidden by %j', (rule) => {
    expect(denied(ssh, rule)).toBe(true);
  });

  test.each<PolicyRule>([
    { kind: 'alias.*' },
    { path: 'system/sshguard' },
    { path: 'system/ssh/port/more', kind: 'alias.*' },
    { kind: 'config.set', path: 'cert' },
    { path: 'system/ssh', firewall: 'fw2' },
    { path: 'system/ssh', tool: 'pf_change_apply' },
    // About tools: judged where tools are.
    { tool: 'pf_alias_search' },
  ])('is left alone by %j', (rule) => {
    expect(denied(ssh, rule)).toBe(false);
  });

  test('of a whole section is one of each part of it', () => {
    expect(denied(requestOf(change('config.delete', 'system')), { path: 'system/ssh/port' })).toBe(true);
    expect(allowed(requestOf(change('config.delete', 'system')), { path: 'system/ssh/port' })).toBe(false);
  });

  test('is held against a rule together with what the plan brings besides', () => {
    const plan = requestOf(change('firewall_rule.add', 'filter/rule'));
    const request = { ...plan, paths: [...plan.paths, ['cron', 'item']] };
    expect(denied(request, { path: 'cron' })).toBe(true);
    expect(denied(request, { kind: 'firewall_rule.*', path: 'cron' })).toBe(true);
    expect(allowed(request, { path: 'filter' })).toBe(false);
    expect(allowed(request, { path: 'filter' }, { path: 'cron' })).toBe(true);
    expect(allowed(request, { kind: 'firewall_rule.*' })).toBe(true);
  });

  test('has to be listed where the settings list what is allowed', () => {
    expect(allowed(ssh)).toBe(false);
    expect(allowed(ssh, { path: 'system/ssh' })).toBe(true);
    expect(allowed(ssh, { path: 'system/ssh', firewall: 'fw2' })).toBe(false);
    const both = requestOf(change('alias.create', 'aliases/alias'), change('config.set', 'system/ssh/port'));
    expect(allowed(both, { kind: 'alias.*' })).toBe(false);
    expect(allowed(both, { kind: 'alias.*' }, { kind: 'config.set', path: 'system/ssh' })).toBe(true);
    expect(allowed(both, { kind: 'alias.*', path: 'system' }, { kind: 'config.set', path: 'aliases' })).toBe(false);
  });
});

test('tools are left alone by rules about changes', () => {
  const request = { tool: 'pf_change_plan', effect: 'config', firewall: 'fw1' } as const;
  for (const rule of [{ kind: '*' }, { path: 'system' }, { tool: '*', kind: '*' }])
    expect(judge({ permissions: ['config'], deny: [rule] }, request).isAllowed).toBe(true);
});

const Glob = fc.constantFrom('*', 'config.*', 'config.set', 'alias.*', 'alias.create', 'none');
const Path = fc.constantFrom('*', 'system', 'system/ssh', 'system/*', 'aliases', 'aliases/alias', 'cert');
const Rule = fc
  .record({ kind: Glob, path: Path, firewall: fc.constantFrom('*', 'fw1', 'fw2') }, { requiredKeys: [] })
  .map((rule): ChangeRule => rule);
const Change = fc
  .tuple(
    fc.constantFrom('config.set', 'alias.create'),
    fc.subarray(['system/ssh/port', 'aliases/alias', 'cert', 'system']),
  )
  .map(([kind, paths]) => change(kind, ...paths));

describe('settings', () => {
  test('of no kind bring back what one deny rule forbids', () => {
    fc.assert(
      fc.property(
        fc.array(Rule),
        fc.option(fc.array(Rule), { nil: undefined }),
        fc.subarray([...EFFECTS]),
        Rule,
        fc.array(Change, { minLength: 1 }),
        (more, allow, permissions, rule, changes) => {
          const request = requestOf(...changes);
          fc.pre(denied(request, rule));
          for (const deny of [
            [...more, rule],
            [rule, ...more],
          ])
            expect(judgeChanges({ permissions, deny, allow }, request).isAllowed).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('that list more forbid no more; that deny more allow no more', () => {
    fc.assert(
      fc.property(fc.array(Rule), Rule, fc.array(Rule), fc.array(Change), (allow, more, deny, changes) => {
        const request = requestOf(...changes);
        const before = judgeChanges(policy({ allow, deny }), request).isAllowed;
        if (before) expect(judgeChanges(policy({ allow: [...allow, more], deny }), request).isAllowed).toBe(true);
        else expect(judgeChanges(policy({ allow, deny: [...deny, more] }), request).isAllowed).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
