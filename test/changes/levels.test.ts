import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineKind } from '../../src/changes/kind.ts';
import { KINDS } from '../../src/changes/kinds/index.ts';
import { draftOf, type PlanOrder } from '../../src/changes/plan.ts';
import { EFFECTS } from '../../src/core/bounds.ts';
import { permitDraft, permitKinds } from '../../src/tools/change/desk.ts';
import type { ChangeDesk } from '../../src/tools/tool.ts';

const quiet = defineKind({
  id: 'test.quiet',
  summary: '',
  tier: 'volatile',
  input: z.strictObject({}),
  example: {},
  apply: () => ({ system: { hostname: 'new' } }),
});
const kinds = [quiet, defineKind({ ...quiet, id: 'test.dangerous', level: 'dangerous' }), ...KINDS];
const place = { tool: 'pf_change_apply', firewall: 'fw' };
const deskWith = (policy: Partial<ChangeDesk['policy']>): ChangeDesk =>
  // Nothing else of the desk is asked here.
  ({ policy: { permissions: [], deny: [], allow: undefined, ...policy } }) as ChangeDesk;

function permits(desk: ChangeDesk, kind: string, look: 'names' | 'draft'): boolean {
  const changes = [{ kind, args: {} }];
  const order: PlanOrder = {
    target: { firewall: 'fw', hostKey: 'k', base: 'b' },
    changes,
    occasion: { now: 1, by: 'test' },
    reason: 'because',
    windowSeconds: 60,
  };
  try {
    if (look === 'names') permitKinds(desk, place, changes, kinds);
    else permitDraft(desk, place, draftOf(order, { system: { hostname: 'old' } }, kinds));
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'refused' });
    return false;
  }
}

describe.each(['names', 'draft'] as const)('by its %s a change', (look) => {
  test.each(EFFECTS.map((level) => [level]))('is permitted by the level %s where that is its own', (level) => {
    const desk = deskWith({ permissions: [level] });
    expect(permits(desk, 'test.quiet', look)).toBe(level === 'config');
    expect(permits(desk, 'test.dangerous', look)).toBe(level === 'dangerous');
  });

  test('is not permitted against a rule', () => {
    expect(permits(deskWith({ permissions: ['config'], deny: [{ kind: 'test.*' }] }), 'test.quiet', look)).toBe(false);
  });
});

test('what a change touches is judged by the draft', () => {
  const deny = [{ path: 'system/hostname' }];
  expect(permits(deskWith({ permissions: ['config'], deny }), 'test.quiet', 'draft')).toBe(false);
  expect(permits(deskWith({ permissions: ['config'], allow: [{ path: 'aliases' }] }), 'test.quiet', 'draft')).toBe(
    false,
  );
  expect(permits(deskWith({ permissions: ['config'], allow: [{ path: 'system' }] }), 'test.quiet', 'draft')).toBe(true);
});

test('a kind that no settings can make is there for nobody: each asks for config or dangerous', () => {
  for (const kind of KINDS) {
    const other = kind.level === 'dangerous' ? 'config' : 'dangerous';
    expect(() =>
      permitKinds(deskWith({ permissions: [other] }), place, [{ kind: kind.id, args: {} }], KINDS),
    ).toThrow();
  }
});

test('what reaches the whole configuration takes the level dangerous, and one object back takes no more than itself', () => {
  const levels = KINDS.filter(({ id }) => /^(config|revision|object)\./.test(id)).map(({ id, level }) => [id, level]);
  expect(Object.fromEntries(levels)).toEqual({
    'config.set': 'dangerous',
    'config.delete': 'dangerous',
    'revision.restore': 'dangerous',
    'object.restore': undefined,
  });
});
