import { z } from 'zod';
import type { ActionDraft } from '../../changes/actions/kind.ts';
import { approvalOf, authorize, mustBeApproved } from '../../changes/approval.ts';
import type { PlanRecord } from '../../changes/plan-store.ts';
import { PfsenseError } from '../../core/errors.ts';
import { type Box, liveOf } from '../../pfsense/box.ts';
import { rulesThatName } from '../../policy/preapproval.ts';
import { planArgument } from '../change/apply.ts';
import { actionPlanFor, auditedChange, checkRate, deskFrom } from '../change/desk.ts';
import { defineTool } from '../tool.ts';
import { Outcome, outcomeOf } from './outcome.ts';
import { permitAction } from './plan.ts';

/** Within the deadline of its class; what takes longer goes on without us. */
const PATIENCE_MS = 75_000;

/** What cannot answer any more while it happens is not waited for that long. */
const POWER_PATIENCE_MS = 8_000;

export default defineTool({
  name: 'pf_action_run',
  title: 'Carry an action out',
  description:
    'Does what a plan of pf_action_plan says, by a process of its own on the firewall, and looks at the effect. Needs the approval of a person. What takes long answers `running`.',
  toolset: 'action',
  effect: 'dangerous',
  level: 'service',
  complexity: 'dangerous',
  isOpenWorld: true,
  input: z.strictObject({ plan: planArgument }),
  output: Outcome,
  async authorize({ plan }, desk, firewall) {
    const record = actionPlanFor(desk, plan, firewall);
    if (record.appliedAt !== null) throw used();
    const { actionFor } = await import('./work.ts');
    permitAction(desk, orderOf(record, actionFor).kind, firewall);
    checkRate(desk);
    await authorize({ ...desk, rules: rulesThatName(desk.rules) }, record, 'apply');
  },
  async run({ plan: id }, context) {
    const { actionFor, begin, ending, hashOf, lookFor } = await import('./work.ts');
    const { box } = context;
    const desk = deskFrom(context);
    const record = actionPlanFor(desk, id, box.name);
    const { plan } = record;
    if (record.appliedAt !== null) throw used();
    checkRate(desk);
    mustBeApproved(record, 'apply');
    const { kind, args } = orderOf(record, actionFor);
    const live = liveOf(box);
    const facts = await lookFor(box, kind.question(args as never), desk.keep);
    const draft = kind.draft(args as never, facts);
    const target = { ...plan.order.target, hostKey: await live.hostKey() };
    if (hashOf({ target, kind, args, reason: plan.order.reason }, draft) !== plan.hash) throw stale();
    if (draft.dangers.length > 0) throw lockout(draft);
    // A connection that is open proves nothing about the next one.
    if (draft.cutsSession) await live.reconnect();
    const errand = { ...draft, id: plan.id, action: kind.id, ...wordsOf(record) };
    context.audit(auditedChange(plan));
    await begin(box, errand);
    desk.plans.save({ ...record, appliedAt: desk.now() });
    const patience = kind.id.startsWith('system.') ? POWER_PATIENCE_MS : PATIENCE_MS;
    const end = await ending(box, errand, patience);
    if (draft.cutsSession && end.state === 'over' && !kind.id.startsWith('system.')) await stillReached(box);
    return outcomeOf(end);
  },
});

type Find = typeof import('./work.ts').actionFor;

function orderOf({ plan }: PlanRecord, actionFor: Find) {
  const [request] = plan.order.changes;
  return actionFor(request?.kind ?? '', request?.args);
}

function wordsOf(record: PlanRecord): { person: string; reason: string } {
  return { person: approvalOf(record, 'apply')?.person ?? 'pfsense-mcp', reason: record.plan.order.reason };
}

/** The proof that is wanted after what could have locked us out. */
async function stillReached(box: Box): Promise<void> {
  await liveOf(box).reconnect();
}

function used(): PfsenseError {
  return new PfsenseError('change_over', 'This was carried out before.', {
    phase: 'policy',
    hint: 'pf_action_status says what became of it; for another time, plan again.',
  });
}

function stale(): PfsenseError {
  return new PfsenseError('plan_stale', 'The same action would do something else now than what was shown.', {
    phase: 'policy',
    hint: 'Plan it again with pf_action_plan.',
  });
}

function lockout({ dangers }: ActionDraft): PfsenseError {
  return new PfsenseError('lockout_risk', `Nothing was done. ${dangers.join(' ')}`, {
    phase: 'policy',
    sideEffect: 'none',
    hint: 'Do it from a place that does not depend on it, or at the console of the firewall.',
  });
}
