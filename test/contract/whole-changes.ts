import { expect } from 'vitest';
import { PlanStore } from '../../src/changes/plan-store.ts';
import { wallMs } from '../../src/core/clock.ts';
import { type Asking, startAsking } from './asking.ts';
import type { Target } from './target.ts';

export interface Change {
  readonly kind: string;
  readonly args: Record<string, unknown>;
}

/** Changes through the tools from the plan to its end, with the person who allows them. */
export interface WholeChanges {
  readonly asking: Asking;
  plan(changes: readonly Change[]): Promise<Record<string, unknown>>;
  /** What a person does with `pfsense-mcp approve`. */
  approve(id: string, step: 'apply' | 'confirm'): void;
  /** Plans and applies; returns the plan's id and the text of the plan. */
  begin(changes: readonly Change[]): Promise<{ id: string; text: string }>;
  confirm(id: string): Promise<void>;
  rollBack(id: string): Promise<void>;
  /** Plans, applies and confirms, and makes sure that nothing is left to do; returns the text of the plan. */
  make(changes: readonly Change[]): Promise<string>;
  close(): Promise<void>;
}

export async function startWholeChanges(
  target: Target,
  permissions: ('read' | 'config' | 'dangerous')[] = ['read', 'config'],
): Promise<WholeChanges> {
  const asking = await startAsking(target, 'root', { permissions, maxChangesPerHour: 100 });
  const plans = new PlanStore(asking.stateDir);
  const approve = (id: string, step: 'apply' | 'confirm'): void => {
    const record = plans.load(id);
    const approval = { step, channel: 'terminal' as const, person: 'tester', at: wallMs(), hash: record.plan.hash };
    plans.save({ ...record, approvals: [...record.approvals, approval] });
  };
  const plan = (changes: readonly Change[]) =>
    asking.ask('pf_change_plan', { changes: [...changes], reason: 'a test', windowSeconds: 120 });
  const begin = async (changes: readonly Change[]) => {
    const { plan: id, changes: sentences, canApply, connections } = await plan(changes);
    expect({ canApply, connections }).toMatchObject({ canApply: true });
    approve(String(id), 'apply');
    expect(await asking.ask('pf_change_apply', { plan: id })).toMatchObject({ state: 'on trial', inForce: true });
    return { id: String(id), text: JSON.stringify(sentences) };
  };
  const confirm = async (id: string): Promise<void> => {
    approve(id, 'confirm');
    expect(await asking.ask('pf_change_confirm', { plan: id })).toMatchObject({ state: 'permanent' });
  };
  return {
    asking,
    plan,
    approve,
    begin,
    confirm,
    async rollBack(id) {
      const outcome = await asking.ask('pf_change_rollback', { plan: id });
      expect(outcome).toMatchObject({ state: 'reverted' });
      expect(outcome).not.toHaveProperty('problems');
    },
    async make(changes) {
      const { id, text } = await begin(changes);
      await confirm(id);
      expect(await plan(changes)).toMatchObject({ plan: null });
      return text;
    },
    close: () => asking.close(),
  };
}
