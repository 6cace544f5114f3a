import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PlanStore } from '../../src/changes/plan-store.ts';
import { wallMs } from '../../src/core/clock.ts';
import { type Asking, configOf, startAsking } from './asking.ts';
import { openTarget, type Target } from './target.ts';

const PERMISSIONS = ['read', 'config'] as const;
/** A network that no rule of a target is about. */
const NOBODY = '198.18.7.0/24';
/** So that the suite can run again on a target that keeps what it was given. */
const RUN = `tools_${wallMs().toString(36)}`;

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

const alias = (name: string) => ({
  kind: 'alias.create',
  args: { name, type: 'network', members: [{ value: NOBODY }] },
});

describe('changes through the tools', () => {
  let asking: Asking;
  let plans: PlanStore;
  beforeAll(async () => {
    asking = await startAsking(target, 'root', { permissions: [...PERMISSIONS] });
    plans = new PlanStore(asking.stateDir);
  });
  afterAll(() => asking.close());

  const plan = async (changes: unknown[]): Promise<Record<string, unknown>> =>
    asking.ask('pf_change_plan', { changes, reason: 'a test of the tools', windowSeconds: 60 });
  /** What a person does with `pfsense-mcp approve`. */
  const approve = (id: unknown, step: 'apply' | 'confirm'): void => {
    const record = plans.load(String(id));
    const approval = { step, channel: 'terminal' as const, person: 'tester', at: wallMs(), hash: record.plan.hash };
    plans.save({ ...record, approvals: [...record.approvals, approval] });
  };

  test('are listed with their arguments', async () => {
    const { kinds } = await asking.ask('pf_change_kinds');
    expect(Object.keys(Object(kinds))).toContain('alias.create');
    for (const kind of Object.keys(Object(kinds))) {
      const { schema, example } = await asking.ask('pf_change_kinds', { kind });
      expect(schema).toMatchObject({ type: 'object' });
      expect(example).toMatchObject({ kind });
    }
  });

  test('need a person, twice, and are then made', async () => {
    const { plan: id, changes, canApply, connections } = await plan([alias(`${RUN}_a`)]);
    expect(String(changes)).toContain(`${RUN}_a`);
    expect({ canApply, connections }).toMatchObject({ canApply: true });
    expect(await asking.refusal('pf_change_apply', { plan: id })).toContain('approval_needed');
    approve(id, 'apply');
    expect(await asking.ask('pf_change_apply', { plan: id })).toMatchObject({ state: 'on trial', inForce: true });
    expect(await asking.refusal('pf_change_confirm', { plan: id })).toContain('approval_needed');
    approve(id, 'confirm');
    expect(await asking.ask('pf_change_confirm', { plan: id })).toMatchObject({ state: 'permanent' });
    expect(JSON.stringify(await configOf(target))).toContain(`${RUN}_a`);
    const { plan: again, withoutEffect } = await plan([alias(`${RUN}_a`)]);
    expect({ again, withoutEffect }).toEqual({ again: null, withoutEffect: [1] });
  });

  test('can be rolled back without asking anybody', async () => {
    const { plan: id } = await plan([alias(`${RUN}_b`)]);
    approve(id, 'apply');
    await asking.ask('pf_change_apply', { plan: id });
    expect(await asking.ask('pf_change_rollback', { plan: id })).toMatchObject({ state: 'reverted' });
    const { changes } = await asking.ask('pf_change_status', { plan: id });
    expect(changes).toMatchObject([{ state: 'reverted', inForce: false }]);
    expect(await asking.refusal('pf_change_apply', { plan: id })).toContain('change_over');
  });

  test('tell a stale plan, which is made again in one call', async () => {
    const { plan: first } = await plan([alias(`${RUN}_c`)]);
    const { plan: second } = await plan([alias(`${RUN}_d`)]);
    for (const step of ['apply', 'confirm'] as const) approve(second, step);
    await asking.ask('pf_change_apply', { plan: second });
    await asking.ask('pf_change_confirm', { plan: second });
    approve(first, 'apply');
    expect(await asking.refusal('pf_change_apply', { plan: first })).toContain('plan_stale');
    expect(await asking.ask('pf_change_plan', { again: first })).toMatchObject({ canApply: true });
  });
});

test('a client that may only read sees no tool for changes', async () => {
  const asking = await startAsking(target, 'root');
  const { tools } = await asking.mcp.client.listTools();
  expect(tools.filter(({ name }) => name.startsWith('pf_change'))).toEqual([]);
  await asking.close();
});
