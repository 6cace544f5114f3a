import { createHash, randomBytes } from 'node:crypto';
import { PfsenseError } from '../../core/errors.ts';
import { outgoingText } from '../../core/outlet.ts';
import { PLAN_LIFE_MS, type Target } from '../plan.ts';
import type { PlanRecord } from '../plan-store.ts';
import type { ActionDraft, ActionKind } from './kind.ts';
import { ACTIONS } from './kinds/index.ts';

/** What somebody asks for. */
export interface ActionOrder {
  readonly target: Target;
  readonly kind: ActionKind;
  readonly args: Record<string, unknown>;
  readonly reason: string;
}

/**
 * The kind and its arguments, checked.
 * @throws PfsenseError `bad_input`, `not_found`.
 */
export function actionFor(id: string, raw: unknown): Pick<ActionOrder, 'kind' | 'args'> {
  const kind = ACTIONS.find((one) => one.id === id);
  if (!kind) throw new PfsenseError('not_found', 'There is no such action.', { phase: 'input' });
  const parsed = kind.input.safeParse(raw ?? {});
  if (parsed.success) return { kind, args: parsed.data };
  const problems = parsed.error.issues
    .slice(0, 3)
    .map(({ path, message }) => `args.${path.map(String).join('.')}: ${message}`);
  throw new PfsenseError('bad_input', `${problems.join('; ')}.`, {
    phase: 'input',
    hint: `${kind.id} takes ${kind.usage}, as in ${JSON.stringify(kind.example)}.`,
  });
}

/** Over what will be done, not over how many states there are just now. */
export function hashOf({ target, kind, args, reason }: ActionOrder, draft: ActionDraft): string {
  const { firewall, hostKey } = target;
  return createHash('sha256')
    .update(JSON.stringify([firewall, hostKey, kind.id, args, reason, draft.work, draft.args]))
    .digest('hex');
}

/** A plan to be kept, shown, allowed and carried out once. */
export function recordOf(order: ActionOrder, draft: ActionDraft, nowMs: number): PlanRecord {
  const { target, kind, args, reason } = order;
  return {
    plan: {
      id: randomBytes(16).toString('hex'),
      order: {
        target,
        changes: [{ kind: kind.id, args }],
        occasion: { now: Math.floor(nowMs / 1000), by: 'pfsense-mcp' },
        reason,
        windowSeconds: 0,
      },
      hash: hashOf(order, draft),
      expiresAt: nowMs + PLAN_LIFE_MS,
    },
    text: draft.text.map((line) => outgoingText(line, 500)),
    approvals: [],
    appliedAt: null,
    confirmedAt: null,
    purpose: 'action',
  };
}
