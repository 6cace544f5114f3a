import { z } from 'zod';
import type { ActionKind } from '../../changes/actions/kind.ts';
import { PfsenseError } from '../../core/errors.ts';
import { outgoingText } from '../../core/outlet.ts';
import { liveOf } from '../../pfsense/box.ts';
import { judgeChanges } from '../../policy/change-policy.ts';
import { rulesThatName } from '../../policy/preapproval.ts';
import { approvalFor, deskFrom } from '../change/desk.ts';
import { type ChangeDesk, defineTool } from '../tool.ts';

/** As in the list of actions, which is loaded only when one is planned. */
const NAMES = [
  'interface.restart',
  'sshd.restart',
  'service.control',
  'vpn.disconnect',
  'states.kill',
  'states.flush',
  'system.reboot',
  'system.halt',
  'package.install',
  'package.remove',
  'package.update',
] as const;

export default defineTool({
  name: 'pf_action_plan',
  title: 'Plan an action',
  description:
    'Works out something that can cut connections, without doing it. args: interface.restart {interface}; service.control {service, id?, action} for VPN and routing daemons; vpn.disconnect {client, server?}; states.kill {from?, to?}; package.* {name}; else none. Then pf_action_run.',
  toolset: 'action',
  effect: 'read',
  level: 'service',
  complexity: 'config',
  isOpenWorld: false,
  input: z.strictObject({
    action: z.enum(NAMES),
    args: z.record(z.string(), z.string()).optional(),
    reason: z.string().regex(/^[^\p{Cc}\p{Cf}]{3,160}$/u, 'one line of 3 to 160 characters'),
  }),
  output: z.object({
    plan: z.string(),
    does: z.array(z.string()),
    refused: z.array(z.string()).optional().describe('Why it cannot be run: it could cut this connection'),
    canRun: z.boolean(),
    approval: z.string(),
    expiresAt: z.string(),
  }),
  async run({ action, args, reason }, context) {
    const { box } = context;
    const desk = deskFrom(context);
    const { actionFor, lookFor, recordOf } = await import('./work.ts');
    const asked = actionFor(action, args);
    permitAction(desk, asked.kind, box.name);
    const facts = await lookFor(box, asked.kind.question(asked.args as never), desk.keep);
    const live = liveOf(box);
    const target = { firewall: box.name, hostKey: await live.hostKey(), base: '' };
    const draft = asked.kind.draft(asked.args as never, facts);
    const record = recordOf({ target, reason, ...asked }, draft, desk.now());
    desk.plans.save(record);
    return {
      plan: record.plan.id,
      does: record.text,
      ...(draft.dangers.length > 0 ? { refused: draft.dangers.map((danger) => outgoingText(danger, 300)) } : {}),
      canRun: draft.dangers.length === 0,
      approval: approvalFor({ ...desk, rules: rulesThatName(desk.rules) }, box.name, [{ kind: action }]),
      expiresAt: new Date(record.plan.expiresAt).toISOString(),
    };
  },
});

/** @throws PfsenseError `refused` when the policy does not allow this action there. */
export function permitAction(desk: ChangeDesk, { id, level }: ActionKind, firewall: string): void {
  const action = { kind: id, level, paths: [] };
  const verdict = judgeChanges(desk.policy, { tool: 'pf_action_run', firewall, changes: [action], paths: [] });
  if (!verdict.isAllowed) throw new PfsenseError('refused', verdict.reason, { phase: 'policy' });
}
