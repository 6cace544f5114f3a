import type { ApprovalDesk } from '../../changes/approval.ts';
import type { Compared } from '../../changes/both-sides.ts';
import type { ChangeRequest } from '../../changes/candidate.ts';
import { type ChangeKind, levelOf } from '../../changes/kind.ts';
import type { Draft, Plan } from '../../changes/plan.ts';
import type { PlanRecord } from '../../changes/plan-store.ts';
import { wallMs } from '../../core/clock.ts';
import { PfsenseError } from '../../core/errors.ts';
import type { Box } from '../../pfsense/box.ts';
import type { AuditedChange } from '../../policy/audit-chain.ts';
import { type ChangesRequest, judgeChanges } from '../../policy/change-policy.ts';
import { isPreapproved, rulesThatName } from '../../policy/preapproval.ts';
import type { ChangeDesk, ToolContext } from '../tool.ts';

/** @throws PfsenseError `unsupported` where this process keeps no plans. */
export function deskFrom({ desk }: Pick<ToolContext, 'desk'>): ChangeDesk {
  if (desk) return desk;
  throw new PfsenseError('unsupported', 'No plans are kept here, so nothing can be changed.', { phase: 'policy' });
}

/**
 * The plan, for the firewall that was asked.
 * @throws PfsenseError `plan_unknown`, `bad_input` for the plan of another firewall.
 */
export function planFor(desk: ChangeDesk, id: string, firewall: string): PlanRecord {
  return recordFor(desk, id, firewall, 'change');
}

/**
 * The plan of an action, for the firewall that was asked.
 * @throws PfsenseError `plan_unknown`, `bad_input` for the plan of another firewall.
 */
export function actionPlanFor(desk: ChangeDesk, id: string, firewall: string): PlanRecord {
  return recordFor(desk, id, firewall, 'action');
}

function recordFor(desk: ChangeDesk, id: string, firewall: string, purpose: 'change' | 'action'): PlanRecord {
  const record = desk.plans.load(id);
  const { purpose: its = 'change' } = record;
  if (its !== purpose)
    throw new PfsenseError('bad_input', `This is the plan of ${its === 'action' ? 'an action' : 'a change'}.`, {
      phase: 'input',
      hint: its === 'action' ? 'Use pf_action_run and pf_action_status.' : 'Use pf_change_apply and pf_change_status.',
    });
  const meant = record.plan.order.target.firewall;
  if (meant === firewall) return record;
  throw new PfsenseError('bad_input', `The plan is for firewall ${meant}.`, { phase: 'input' });
}

/** What it takes to say what others did to a plan. */
export function comparedFor(
  desk: ChangeDesk,
  { plan, text }: PlanRecord,
  box: Box,
  kinds: readonly ChangeKind[],
): Compared {
  return { box, kinds, plan, shown: text, keptBase: () => desk.plans.keptBase(plan.id) };
}

/** What the audit log says about a plan. */
export function auditedChange({ id, hash, order }: Plan): AuditedChange {
  return { plan: id, hash, base: order.target.base };
}

/** Which tool is to make changes of which firewall. */
type Place = Pick<ChangesRequest, 'tool' | 'firewall'>;

/**
 * As far as the names of the kinds tell; kinds that there are not are somebody else's matter.
 * @throws PfsenseError `refused` when the policy forbids one of them.
 */
export function permitKinds(
  desk: ChangeDesk,
  place: Place,
  changes: readonly ChangeRequest[],
  kinds: readonly ChangeKind[],
): void {
  const named = changes.flatMap(({ kind: id }) => kinds.find((kind) => kind.id === id) ?? []);
  const { allow: _judgedByPaths, ...policy } = desk.policy;
  const judged = named.map((kind) => ({ kind: kind.id, level: levelOf(kind), paths: [] }));
  permit(policy, { ...place, changes: judged, paths: [] });
}

/**
 * By what the changes were found to touch.
 * @throws PfsenseError `refused` when the policy forbids some of it.
 */
export function permitDraft(desk: ChangeDesk, place: Place, { candidate, operations }: Draft): void {
  const paths = operations.map(({ path }) => path);
  permit(desk.policy, { ...place, changes: candidate.parts, paths });
}

function permit(policy: ChangeDesk['policy'], request: ChangesRequest): void {
  const verdict = judgeChanges(policy, request);
  if (!verdict.isAllowed) throw new PfsenseError('refused', verdict.reason, { phase: 'policy' });
}

/** The desk with those rules of the settings only that count for these changes. */
export function deskForKinds<Desk extends Pick<ApprovalDesk, 'rules'>>(
  desk: Desk,
  changes: readonly Pick<ChangeRequest, 'kind'>[],
  kinds: readonly ChangeKind[],
): Desk {
  const isDangerous = kinds.some(
    (kind) => levelOf(kind) === 'dangerous' && changes.some((one) => one.kind === kind.id),
  );
  return isDangerous ? { ...desk, rules: rulesThatName(desk.rules) } : desk;
}

/** Who is going to allow these changes, in words. */
export function approvalFor(
  { rules, hasShownUntrustedText, askPerson, now }: ApprovalDesk,
  firewall: string,
  changes: readonly Pick<ChangeRequest, 'kind'>[],
): string {
  const kinds = changes.map(({ kind }) => kind);
  if (isPreapproved(rules, { firewall, kinds, hasShownUntrustedText, at: now() })) return 'given by the settings';
  return askPerson
    ? 'the person at this client is asked'
    : 'a person runs `pfsense-mcp approve` with the id on a terminal';
}

const HOUR_MS = 3_600_000;

/** @throws PfsenseError `refused` when too many plans were applied lately. */
export function checkRate(desk: ChangeDesk): void {
  const lately = desk.plans
    .list(wallMs())
    .filter(({ appliedAt }) => appliedAt !== null && wallMs() - appliedAt < HOUR_MS);
  if (lately.length < desk.maxPerHour) return;
  throw new PfsenseError('refused', `${lately.length} plans were applied within an hour, which is the limit.`, {
    phase: 'policy',
    hint: 'Wait, or raise maxChangesPerHour in the settings.',
  });
}
