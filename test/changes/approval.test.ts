import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApprovalDesk, authorize, questionOf } from '../../src/changes/approval.ts';
import { levelOf } from '../../src/changes/kind.ts';
import { KINDS } from '../../src/changes/kinds/index.ts';
import { type PlanRecord, PlanStore } from '../../src/changes/plan-store.ts';
import { isPreapproved } from '../../src/policy/preapproval.ts';
import { deskForKinds } from '../../src/tools/change/desk.ts';

const NOW = 1_795_000_000_000;
let folder: string;
let plans: PlanStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pfsense-mcp-test-'));
  plans = new PlanStore(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

function recordOf(kinds: readonly string[] = ['alias.create'], more: Partial<PlanRecord> = {}): PlanRecord {
  const order = {
    target: { firewall: 'fw', hostKey: 'SHA256:x', base: 'b' },
    changes: kinds.map((kind) => ({ kind, args: {} })),
    occasion: { now: NOW / 1000, by: 'test' },
    reason: 'because',
    windowSeconds: 300,
  };
  const plan = { id: 'ab'.repeat(16), order, hash: 'h1', expiresAt: NOW + 1000 };
  return { plan, text: ['alias a added'], approvals: [], appliedAt: null, confirmedAt: null, ...more };
}

const desk = (more: Partial<ApprovalDesk> = {}): ApprovalDesk => ({
  plans,
  rules: [],
  hasShownUntrustedText: false,
  askPerson: undefined,
  now: () => NOW,
  ...more,
});
const approval = { step: 'apply', channel: 'terminal', person: 'p', at: NOW, hash: 'h1' } as const;

describe('a plan is allowed', () => {
  test('by nobody unless somebody does', async () => {
    await expect(authorize(desk(), recordOf(), 'apply')).rejects.toMatchObject({ code: 'approval_needed' });
  });

  test('by a person who is asked and says yes, which is kept', async () => {
    const questions: string[] = [];
    const askPerson = async (question: string): Promise<boolean> => questions.push(question) > 0;
    await authorize(desk({ askPerson }), recordOf(), 'apply');
    expect(questions).toEqual([questionOf(recordOf(), 'apply')]);
    expect(plans.load('ab'.repeat(16)).approvals).toMatchObject([{ step: 'apply', channel: 'client', hash: 'h1' }]);
  });

  test('not by one who says no', async () => {
    const askPerson = async (): Promise<boolean> => false;
    await expect(authorize(desk({ askPerson }), recordOf(), 'apply')).rejects.toMatchObject({ code: 'refused' });
    expect(plans.list(NOW)).toEqual([]);
  });

  test('by an approval of this very plan, not of another or of another step', async () => {
    await authorize(desk(), recordOf([], { approvals: [approval] }), 'apply');
    const others = [
      { ...approval, hash: 'h2' },
      { ...approval, step: 'confirm' as const },
    ];
    await expect(authorize(desk(), recordOf([], { approvals: others }), 'apply')).rejects.toMatchObject({
      code: 'approval_needed',
    });
  });

  test('by the settings, as long as no stranger has been heard', async () => {
    const rules = [{ kind: 'alias.*', firewall: '*' }];
    await authorize(desk({ rules }), recordOf(), 'apply');
    await expect(authorize(desk({ rules, hasShownUntrustedText: true }), recordOf(), 'apply')).rejects.toMatchObject({
      code: 'approval_needed',
    });
  });

  test('by the settings in the hours of a rule, and by a person outside of them', async () => {
    // A Wednesday, 11:06 in Greenwich.
    const ruleFor = (from: string, to: string) => [
      { kind: '*', firewall: '*', during: { days: ['wed' as const], from, to, timeZone: 'Etc/UTC' } },
    ];
    const inside = await authorize(desk({ rules: ruleFor('11:00', '11:10') }), recordOf(), 'apply');
    expect(inside.approvals).toMatchObject([{ channel: 'policy' }]);
    const outside = desk({ rules: ruleFor('11:07', '13:00'), askPerson: async () => true });
    expect((await authorize(outside, recordOf(), 'apply')).approvals).toMatchObject([{ channel: 'client' }]);
  });

  test('not once it has expired', async () => {
    const late = desk({ now: () => NOW + 2000, rules: [{ kind: '*', firewall: '*' }] });
    await expect(authorize(late, recordOf(), 'apply')).rejects.toMatchObject({ code: 'plan_unknown' });
  });

  test('to be confirmed only the way in which it was allowed', async () => {
    const rules = [{ kind: '*', firewall: '*' }];
    const byHand = recordOf(['alias.create'], { approvals: [approval] });
    const open = desk({ rules, askPerson: async () => true });
    await expect(authorize(open, byHand, 'confirm')).rejects.toMatchObject({ code: 'approval_needed' });
    const byClient = recordOf(['alias.create'], { approvals: [{ ...approval, channel: 'client' }] });
    const confirmed = await authorize(open, byClient, 'confirm');
    expect(confirmed.approvals.at(-1)).toMatchObject({ step: 'confirm', channel: 'client' });
  });
});

test('settings approve exactly the plans whose every change they name', () => {
  const word = fc.constantFrom('alias.create', 'alias.delete', 'firewall_rule.add', 'nat_npt.add');
  const rule = fc.record({
    kind: fc.constantFrom('*', 'alias.*', 'alias.create', 'nat_npt.add', 'none'),
    firewall: fc.constantFrom('*', 'fw', 'other'),
  });
  const covers = (pattern: string, text: string): boolean =>
    pattern === '*' || pattern === text || (pattern === 'alias.*' && text.startsWith('alias.'));
  fc.assert(
    fc.property(fc.array(rule), fc.array(word), fc.boolean(), (rules, kinds, hasShownUntrustedText) => {
      const expected =
        !hasShownUntrustedText &&
        kinds.length > 0 &&
        kinds.every((kind) => rules.some((one) => covers(one.firewall, 'fw') && covers(one.kind, kind)));
      expect(isPreapproved(rules, { firewall: 'fw', kinds, hasShownUntrustedText, at: NOW })).toBe(expected);
    }),
  );
});

test('a rule that stands for every kind approves no dangerous one', () => {
  const kinds = KINDS.map(({ id }) => id);
  const open = desk({ rules: [{ kind: '*', firewall: '*' }] });
  const approved = kinds.filter((kind) => {
    const { rules } = deskForKinds(open, [{ kind: 'alias.create' }, { kind }], KINDS);
    return isPreapproved(rules, { firewall: 'fw', kinds: [kind], hasShownUntrustedText: false, at: NOW });
  });
  const dangerous = KINDS.filter((kind) => levelOf(kind) === 'dangerous').map(({ id }) => id);
  expect(dangerous).toEqual(expect.arrayContaining(['config.set', 'config.delete', 'revision.restore']));
  expect(approved.toSorted()).toEqual(kinds.filter((kind) => !dangerous.includes(kind)).toSorted());
  const named = desk({ rules: [{ kind: 'config.*', firewall: '*' }] });
  expect(deskForKinds(named, [{ kind: 'config.set' }], KINDS).rules).toHaveLength(1);
});

describe('plans', () => {
  test('are files that only their user can read, and are found by the beginning of their id', () => {
    plans.save(recordOf());
    expect(plans.load('abababab')).toEqual(recordOf());
    const [name = ''] = readdirSync(join(folder, 'plans'));
    expect(statSync(join(folder, 'plans', name)).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'plans')).mode & 0o777).toBe(0o700);
  });

  test.each(['', 'ab', '../x', 'ab'.repeat(17), 'cd'.repeat(16)])('%j is none', (id) => {
    plans.save(recordOf());
    expect(() => plans.load(id)).toThrow(expect.objectContaining({ code: 'plan_unknown' }));
  });

  test('written or changed by hand are none', () => {
    plans.save(recordOf());
    const file = join(folder, 'plans', `${'ab'.repeat(16)}.json`);
    const { record, seal } = JSON.parse(readFileSync(file, 'utf8'));
    const forged = [
      { ...recordOf(), approvals: [approval] },
      { record: { ...record, approvals: [approval] }, seal },
      { record: { ...record, text: ['nothing'] }, seal },
      { record, seal: '0'.repeat(64) },
      { record },
    ];
    for (const one of forged) {
      writeFileSync(file, JSON.stringify(one));
      expect(() => plans.load('abababab')).toThrow(expect.objectContaining({ code: 'plan_unknown' }));
    }
    writeFileSync(file, JSON.stringify({ record, seal }));
    expect(plans.load('abababab')).toEqual(recordOf());
    // Nor under another name.
    writeFileSync(join(folder, 'plans', `${'cd'.repeat(16)}.json`), JSON.stringify({ record, seal }));
    expect(() => plans.load('cdcdcdcd')).toThrow();
    expect(statSync(join(folder, 'plans.key')).mode & 0o777).toBe(0o600);
  });

  test('that cannot be read are none, and old ones go', () => {
    plans.save(recordOf());
    writeFileSync(join(folder, 'plans', `${'cd'.repeat(16)}.json`), '{"plan":');
    expect(plans.list(NOW)).toHaveLength(1);
    expect(plans.list(NOW + 40 * 24 * 3_600_000)).toEqual([]);
    expect(plans.list(NOW)).toEqual([]);
  });
});
