import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { approvalOf, questionOf } from '../changes/approval.ts';
import { type Approval, type PlanRecord, PlanStore } from '../changes/plan-store.ts';
import { wallMs } from '../core/clock.ts';
import { PfsenseError } from '../core/errors.ts';
import { AuditLog } from '../policy/audit-log.ts';
import { type Flags, loadSettings } from './settings.ts';

/**
 * Shows a plan to a person on a terminal and records a yes: first for applying it, then, once it was applied, for making
 * it permanent. Returns the exit code.
 * @throws PfsenseError `plan_unknown`, or `approval_needed` when there is no terminal to ask at.
 */
export async function approve(id: string, flags: Flags): Promise<number> {
  const { stateDir } = loadSettings(flags);
  const plans = new PlanStore(stateDir);
  const record = plans.load(id);
  if (record.purpose === 'action' && record.appliedAt !== null) return say('This was carried out before.', 0);
  const step = record.appliedAt === null ? 'apply' : 'confirm';
  if (approvalOf(record, step)) return say(`This plan is approved already, to ${step} it.`, 0);
  if (step === 'apply' && wallMs() > record.plan.expiresAt) return say('This plan has expired; plan it again.', 1);
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new PfsenseError('approval_needed', 'A plan is approved on a terminal, by a person.', { phase: 'policy' });
  if (!(await isMeant(record, step))) return say('Not approved; nothing was recorded.', 1);
  const approval: Approval = {
    step,
    channel: 'terminal',
    person: userInfo().username,
    at: wallMs(),
    hash: record.plan.hash,
  };
  const { firewall } = record.plan.order.target;
  new AuditLog(stateDir).append({
    at: new Date(wallMs()).toISOString(),
    tool: 'approve',
    effect: 'config',
    firewall,
    arguments: JSON.stringify({ plan: record.plan.id, step, hash: record.plan.hash }),
    outcome: 'ok',
  });
  plans.save({ ...record, approvals: [...record.approvals, approval] });
  const next = record.purpose === 'action' ? 'carried out' : step === 'apply' ? 'applied' : 'confirmed';
  return say(`Approved. Now it can be ${next}.`, 0);
}

/** A word to copy takes more thought than a `y`. */
async function isMeant(record: PlanRecord, step: Approval['step']): Promise<boolean> {
  const word = record.plan.id.slice(0, 4);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    process.stdout.write(`${questionOf(record, step)}\n\n`);
    return (await terminal.question(`Type ${word} to approve: `)).trim() === word;
  } finally {
    terminal.close();
  }
}

function say(text: string, code: number): number {
  process.stdout.write(`${text}\n`);
  return code;
}
