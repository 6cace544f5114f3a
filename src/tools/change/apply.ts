import { z } from 'zod';
import { authorize, mustBeApproved } from '../../changes/approval.ts';
import { type Judgement, judgementText } from '../../changes/lockout/judgement.ts';
import { PfsenseError } from '../../core/errors.ts';
import { defineTool } from '../tool.ts';
import {
  auditedChange,
  checkRate,
  comparedFor,
  deskForKinds,
  deskFrom,
  permitDraft,
  permitKinds,
  planFor,
} from './desk.ts';
import { Outcome, outcomeOf } from './outcome.ts';

export const planArgument = z
  .string()
  .regex(/^[0-9a-f]{8,32}$/, 'the id of a plan')
  .describe('Id from pf_change_plan');

const TOOL = 'pf_change_apply';

export default defineTool({
  name: TOOL,
  title: 'Try a plan out',
  description:
    'Puts a plan into force on trial: rules are loaded but not written, other parts are written, and a switch on the firewall undoes it when the window passes without pf_change_confirm. Needs the approval of a person. Answers after a new connection was made.',
  toolset: 'change',
  effect: 'config',
  complexity: 'config',
  isOpenWorld: false,
  input: z.strictObject({ plan: planArgument }),
  output: Outcome,
  async authorize({ plan }, desk, firewall) {
    const record = planFor(desk, plan, firewall);
    if (record.appliedAt !== null) throw used();
    const { KINDS } = await import('./work.ts');
    permitKinds(desk, { tool: TOOL, firewall }, record.plan.order.changes, KINDS);
    checkRate(desk);
    await authorize(deskForKinds(desk, record.plan.order.changes, KINDS), record, 'apply');
  },
  async run({ plan: id }, context) {
    const { beginTrial, dangersOf, explained, freshPlan, KINDS, mustBeReady, weighLockout, weighNode } = await import(
      './work.ts'
    );
    const { box } = context;
    const desk = deskFrom(context);
    const record = planFor(desk, id, box.name);
    const { plan } = record;
    // Again, as time has passed since: somebody may have been asked.
    if (record.appliedAt !== null) throw used();
    checkRate(desk);
    const { person } = mustBeApproved(record, 'apply');
    const withBothSides = async (error: unknown): Promise<never> => {
      throw await explained(error, comparedFor(desk, record, box, KINDS));
    };
    const fresh = await freshPlan(box, KINDS, plan).catch(withBothSides);
    permitDraft(desk, { tool: TOOL, firewall: box.name }, fresh.draft);
    const dangers = dangersOf(await weighLockout(box, fresh.base, fresh.draft.candidate.config, desk.keep));
    if (dangers.length > 0) throw lockout(dangers);
    mustBeReady(await weighNode(box, desk.policy));
    context.audit(auditedChange(plan));
    desk.plans.save({ ...record, appliedAt: desk.now() });
    return outcomeOf(await beginTrial({ box, person }, fresh).catch(withBothSides));
  },
});

function used(): PfsenseError {
  return new PfsenseError('change_over', 'This plan was applied before.', {
    phase: 'policy',
    hint: 'pf_change_status says what became of it; for another try, plan again with `again`.',
  });
}

function lockout(dangers: readonly Judgement[]): PfsenseError {
  return new PfsenseError('lockout_risk', `Nothing was changed. ${dangers.map(judgementText).join('; ')}.`, {
    phase: 'policy',
    sideEffect: 'none',
  });
}
