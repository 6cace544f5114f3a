import { z } from 'zod';
import { ChangeRequest } from '../../changes/candidate.ts';
import { type Judgement, judgementText } from '../../changes/lockout/judgement.ts';
import type { Outlook } from '../../changes/outlook.ts';
import type { PlanOrder } from '../../changes/plan.ts';
import type { RulesDiff } from '../../changes/rules-diff.ts';
import { PfsenseError } from '../../core/errors.ts';
import { outgoingText } from '../../core/outlet.ts';
import { liveOf } from '../../pfsense/box.ts';
import { type ChangeDesk, defineTool } from '../tool.ts';
import { approvalFor, auditedChange, deskForKinds, deskFrom, permitDraft, permitKinds, planFor } from './desk.ts';
import { TRIALS } from './trials.ts';

const DEFAULT_WINDOW_SECONDS = 300;
const MAX_CHANGES = 200;
/** Objects that are listed in an answer; a person who approves sees all. */
const MAX_SHOWN = 60;
const MAX_RULES_SHOWN = 40;

const Flow = z.object({ flow: z.string(), verdict: z.string(), because: z.array(z.string()).optional() });

export default defineTool({
  name: 'pf_change_plan',
  title: 'Plan a change',
  description:
    'Works out changes (kinds and arguments from pf_change_kinds) without making any: what would differ object by object, whether connections that must survive do, and what approval it takes. All changes of a plan are one revision and one reload. An empty plan means that it is so already. Then pf_change_apply.',
  toolset: 'change',
  effect: 'read',
  level: 'config',
  complexity: 'config',
  isOpenWorld: false,
  input: z.strictObject({
    changes: z.array(ChangeRequest).max(MAX_CHANGES).optional(),
    again: z.string().max(32).optional().describe('Id of a stale plan, instead of changes'),
    reason: z
      .string()
      .regex(/^[^\p{Cc}\p{Cf}]{3,160}$/u, 'one line of 3 to 160 characters')
      .optional()
      .describe('Why; stands in the history of the firewall'),
    windowSeconds: z
      .int()
      .min(30)
      .max(3_600)
      .default(DEFAULT_WINDOW_SECONDS)
      .describe('Undone unless confirmed by then'),
  }),
  output: z.object({
    plan: z.string().nullable().describe('null: nothing would change'),
    changes: z.array(z.string()),
    left: z.int().optional().describe('Objects that are not listed'),
    withoutEffect: z.array(z.int()).optional().describe('Places of changes that are so already'),
    connections: z.array(Flow).optional(),
    rules: z.array(z.string()).optional().describe("Lines of pf's rules that come (+) and go (-)"),
    rulesLeft: z.int().optional().describe('Lines that are not listed'),
    rulesNotShown: z.string().optional().describe('Why lines are missing'),
    rulesRefused: z.string().optional().describe('What pf says against the rules'),
    risk: z.enum(['low', 'medium', 'high']).optional(),
    riskBecause: z.array(z.string()).optional(),
    canApply: z.boolean(),
    expectedSeconds: z.number().optional().describe('How long applying took so far, mostly'),
    approval: z.string().optional(),
    trial: z.string().optional().describe('How it is tried out and taken back'),
    expiresAt: z.string().optional(),
  }),
  async run(args, context) {
    const desk = deskFrom(context);
    const {
      draftFor,
      isSafe,
      KINDS,
      onlyWritten,
      outlookOf,
      planFrom,
      rulesDiff,
      sentencesOf,
      weighAliases,
      weighLockout,
      weighNode,
    } = await import('./work.ts');
    const { box } = context;
    const live = liveOf(box);
    const document = await live.readDocument();
    const target = { firewall: box.name, hostKey: await live.hostKey(), base: document.sha256 };
    const order = orderFrom(args, desk, target);
    const place = { tool: 'pf_change_plan', firewall: box.name };
    permitKinds(desk, place, order.changes, KINDS);
    const draft = await draftFor(box, order, document.tree, KINDS);
    permitDraft(desk, place, draft);
    const { without, tier } = draft.candidate;
    const idle = without.length > 0 ? { withoutEffect: [...without] } : {};
    if (draft.operations.length === 0) return { plan: null, changes: [], ...idle, canApply: false };
    const aliases = await weighAliases(box, document.tree, draft.candidate);
    const flows = await weighLockout(box, document.tree, draft.candidate.config, desk.keep);
    const rules = await rulesDiff(box, document, draft);
    const outlook = outlookOf(draft, flows);
    const expectedMs = context.memory.expectedMs('pf_change_apply', 'config');
    const node = await weighNode(box, desk.policy);
    const written = onlyWritten(draft);
    for (const text of [...node.stops, ...node.notes, ...aliases, ...written]) context.note(text);
    const plan = planFrom(order, draft, desk.now());
    context.audit(auditedChange(plan));
    const changes = sentencesOf(draft.diff);
    desk.plans.keepBase(plan.id, document.tree);
    desk.plans.save({
      plan,
      text: textOf([...changes, ...aliases, ...written], flows, outlook, rules),
      approvals: [],
      appliedAt: null,
      confirmedAt: null,
    });
    return {
      plan: plan.id,
      changes: changes.slice(0, MAX_SHOWN),
      ...(changes.length > MAX_SHOWN ? { left: changes.length - MAX_SHOWN } : {}),
      ...idle,
      connections: flows.map(({ subject, verdict, because }) => ({
        ...{ flow: subject, verdict },
        ...(because.length > 0 ? { because: [...because] } : {}),
      })),
      ...(rules ? shownRules(rules) : {}),
      risk: outlook.risk,
      ...(outlook.because.length > 0 ? { riskBecause: [...outlook.because] } : {}),
      canApply: isSafe(flows) && !rules?.refused && node.stops.length === 0,
      ...(expectedMs === null ? {} : { expectedSeconds: Math.ceil(expectedMs / 1_000) }),
      approval: approvalFor(deskForKinds(desk, order.changes, KINDS), box.name, order.changes),
      trial: TRIALS[tier],
      expiresAt: new Date(plan.expiresAt).toISOString(),
    };
  },
});

interface Asked {
  readonly changes?: readonly ChangeRequest[] | undefined;
  readonly again?: string | undefined;
  readonly reason?: string | undefined;
  readonly windowSeconds: number;
}

function orderFrom(asked: Asked, desk: ChangeDesk, target: PlanOrder['target']): PlanOrder {
  const earlier = asked.again === undefined ? undefined : planFor(desk, asked.again, target.firewall).plan.order;
  const changes = asked.changes ?? earlier?.changes;
  const reason = asked.reason ?? earlier?.reason;
  if (!changes?.length || (asked.changes && earlier)) throw missing('changes, or again with the id of a plan,');
  if (reason === undefined) throw missing('reason');
  const now = Math.floor(desk.now() / 1000);
  return { target, changes, reason, occasion: { now, by: 'pfsense-mcp' }, windowSeconds: asked.windowSeconds };
}

function missing(what: string): PfsenseError {
  return new PfsenseError('bad_input', `${what} is needed.`, { phase: 'input' });
}

function shownRules({ lines, refused, notShown }: RulesDiff) {
  return {
    ...(lines.length > 0 ? { rules: lines.slice(0, MAX_RULES_SHOWN) } : {}),
    ...(lines.length > MAX_RULES_SHOWN ? { rulesLeft: lines.length - MAX_RULES_SHOWN } : {}),
    ...(notShown === undefined ? {} : { rulesNotShown: notShown }),
    ...(refused === null ? {} : { rulesRefused: refused }),
  };
}

/** What a person is shown before allowing it. */
function textOf(
  changes: readonly string[],
  flows: readonly Judgement[],
  { risk, because }: Outlook,
  rules: RulesDiff | undefined,
): string[] {
  const connections = flows.map((flow) => `Connection ${judgementText(flow)}`);
  const refused = rules?.refused ? [`pf refuses the rules: ${rules.refused}`] : [];
  return [...changes, ...connections, ...refused, `Risk: ${[risk, ...because].join(', ')}`].map((line) =>
    outgoingText(line, 500),
  );
}
