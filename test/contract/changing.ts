import { expect } from 'vitest';
import { PlanStore } from '../../src/changes/plan-store.ts';
import { wallMs } from '../../src/core/clock.ts';
import { type Asking, startAsking } from './asking.ts';
import type { Target } from './target.ts';

export interface ChangeCall {
  readonly kind: string;
  readonly args: Record<string, unknown>;
}

/** The tools for changes, with a person who allows everything on a terminal. */
export async function startChanging(target: Target, user: string) {
  const asking: Asking = await startAsking(target, user, { permissions: ['read', 'config'], maxChangesPerHour: 100 });
  const plans = new PlanStore(asking.stateDir);
  const approve = (id: string, step: 'apply' | 'confirm'): void => {
    const record = plans.load(id);
    const approval = { step, channel: 'terminal' as const, person: 'tester', at: wallMs(), hash: record.plan.hash };
    plans.save({ ...record, approvals: [...record.approvals, approval] });
  };
  const plan = (changes: readonly ChangeCall[], windowSeconds = 300): Promise<Record<string, unknown>> =>
    asking.ask('pf_change_plan', { changes, reason: 'a test of routing', windowSeconds });
  /** Plans what a person then allows to be applied; the id of the plan. */
  const allowed = async (changes: readonly ChangeCall[], windowSeconds?: number): Promise<string> => {
    const id = String((await plan(changes, windowSeconds))['plan']);
    approve(id, 'apply');
    return id;
  };
  /** Plans and puts into force on trial; the id of the plan. */
  const begin = async (changes: readonly ChangeCall[], windowSeconds?: number): Promise<string> => {
    const id = await allowed(changes, windowSeconds);
    const outcome = await asking.ask('pf_change_apply', { plan: id });
    expect(outcome).toMatchObject({ state: 'on trial', inForce: true });
    return id;
  };
  return {
    asking,
    plan,
    allowed,
    begin,
    async keep(changes: readonly ChangeCall[]): Promise<string> {
      const id = await begin(changes);
      approve(id, 'confirm');
      expect(await asking.ask('pf_change_confirm', { plan: id })).toMatchObject({ state: 'permanent' });
      return id;
    },
    async statusOf(id: string): Promise<Record<string, unknown>> {
      const { changes: rows } = await asking.ask('pf_change_status', { plan: id });
      return Object(rows)[0];
    },
    async failing(changes: readonly ChangeCall[]): Promise<string> {
      return asking.refusal('pf_change_apply', { plan: await allowed(changes) });
    },
    async takeBack(id: string): Promise<void> {
      expect(await asking.ask('pf_change_rollback', { plan: id })).toMatchObject({ state: 'reverted' });
    },
  };
}
export type Changing = Awaited<ReturnType<typeof startChanging>>;
