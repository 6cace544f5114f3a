import { PfsenseError } from '../core/errors.ts';
import type { ApprovalRule } from '../core/settings.ts';
import { isPreapproved } from '../policy/preapproval.ts';
import type { Approval, PlanRecord, PlanStore } from './plan-store.ts';

/** Everything that can allow a plan; nothing in it is within reach of an assistant. */
export interface ApprovalDesk {
  readonly plans: PlanStore;
  readonly rules: readonly ApprovalRule[];
  readonly hasShownUntrustedText: boolean;
  /** Puts a question to whoever sits at the client; undefined when the client cannot. */
  readonly askPerson: ((question: string) => Promise<boolean>) | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type Step = Approval['step'];

/**
 * Makes sure that a person allowed this step of the plan, asking where that is possible.
 * @throws PfsenseError `approval_needed`, `refused` when somebody said no, `plan_unknown` when the plan has expired.
 */
export async function authorize(desk: ApprovalDesk, record: PlanRecord, step: Step): Promise<PlanRecord> {
  const { plan } = record;
  if (step === 'apply' && desk.now() > plan.expiresAt)
    throw new PfsenseError('plan_unknown', 'The plan has expired.', { phase: 'policy' });
  if (approvalOf(record, step)) return record;
  const channel = await channelFor(desk, record, step);
  const approval: Approval = {
    step,
    channel,
    person: channel === 'policy' ? 'settings' : 'client',
    at: desk.now(),
    hash: plan.hash,
  };
  const approved = { ...record, approvals: [...record.approvals, approval] };
  desk.plans.save(approved);
  return approved;
}

/** An approval counts for the plan that was shown, and for nothing else. */
export function approvalOf({ plan, approvals }: PlanRecord, step: Step): Approval | undefined {
  return approvals.find((one) => one.step === step && one.hash === plan.hash);
}

/**
 * The approval of a step, for those who carry it out.
 * @throws PfsenseError `approval_needed` where there is none for the plan as it is.
 */
export function mustBeApproved(record: PlanRecord, step: Step): Approval {
  const approval = approvalOf(record, step);
  if (approval) return approval;
  throw needed(record, step);
}

/** A change is confirmed the way it was allowed, so that one open door does not open the other. */
async function channelFor(desk: ApprovalDesk, record: PlanRecord, step: Step): Promise<'policy' | 'client'> {
  const allowedBy = step === 'confirm' ? approvalOf(record, 'apply')?.channel : undefined;
  const mayUse = (channel: Approval['channel']): boolean => allowedBy === undefined || allowedBy === channel;
  const { target, changes } = record.plan.order;
  const request = {
    firewall: target.firewall,
    kinds: changes.map(({ kind }) => kind),
    hasShownUntrustedText: desk.hasShownUntrustedText,
    at: desk.now(),
  };
  if (mayUse('policy') && isPreapproved(desk.rules, request)) return 'policy';
  if (!mayUse('client') || desk.askPerson === undefined) throw needed(record, step);
  if (await desk.askPerson(questionOf(record, step))) return 'client';
  throw new PfsenseError('refused', 'The person who was asked said no.', {
    phase: 'policy',
    hint: 'Ask what should be different, then make another plan.',
  });
}

/** What a person reads before saying yes. */
export function questionOf(record: PlanRecord, step: Step): string {
  const { plan, text } = record;
  const { target, reason, windowSeconds } = plan.order;
  const head =
    record.purpose === 'action'
      ? `Do this on firewall ${target.firewall}? It is not undone by itself.`
      : step === 'apply'
        ? `Apply this change to firewall ${target.firewall}? It is undone by itself after ${windowSeconds} s unless it is confirmed.`
        : `Make this change of firewall ${target.firewall} permanent? Look first whether everything still works, over new connections.`;
  return [head, `Reason: ${reason}`, ...text, `Plan ${plan.id.slice(0, 12)}`].join('\n');
}

function needed({ plan }: PlanRecord, step: Step): PfsenseError {
  const what = step === 'apply' ? 'to apply the plan' : 'to make the change permanent';
  return new PfsenseError('approval_needed', `A person has to allow ${what}.`, {
    phase: 'policy',
    hint: `Ask the person to run \`pfsense-mcp approve ${plan.id.slice(0, 12)}\` on a terminal, then call again.`,
  });
}
