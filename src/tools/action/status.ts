import { z } from 'zod';
import { actionStatus } from '../../changes/actions/snippets.ts';
import { planArgument } from '../change/apply.ts';
import { actionPlanFor, deskFrom } from '../change/desk.ts';
import { defineTool } from '../tool.ts';
import { Outcome, outcomeOf } from './outcome.ts';

export default defineTool({
  name: 'pf_action_status',
  title: 'What became of an action',
  description:
    'What the firewall itself says about actions, also while they run and after a lost connection. Without plan: the last ones.',
  toolset: 'action',
  effect: 'read',
  level: 'service',
  complexity: 'simple',
  isOpenWorld: true,
  input: z.strictObject({ plan: planArgument.optional() }),
  output: z.object({ actions: z.array(Outcome.extend({ begunAt: z.string() })) }),
  async run({ plan }, context) {
    const id = plan === undefined ? undefined : actionPlanFor(deskFrom(context), plan, context.box.name).plan.id;
    const { actions } = await context.box.call(actionStatus, id === undefined ? {} : { id });
    if (id !== undefined && actions.length === 0)
      context.note('The firewall knows no such action: it was not begun there.');
    const rows = actions.toSorted((a, b) => b.at - a.at).slice(0, 10);
    return {
      actions: rows.map((action) => ({ ...outcomeOf(action), begunAt: new Date(action.at * 1000).toISOString() })),
    };
  },
});
