import { z } from 'zod';
import { otherNodeOf } from '../../changes/other-node.ts';
import { changeStatus } from '../../changes/snippets.ts';
import { defineTool } from '../tool.ts';
import { planArgument } from './apply.ts';
import { deskFrom, planFor } from './desk.ts';
import { Outcome, outcomeOf } from './outcome.ts';
import { sidesOf } from './overwritten.ts';

export default defineTool({
  name: 'pf_change_status',
  title: 'What became of a change',
  description:
    'What the firewall itself says about changes: on trial, permanent, reverted. Ask this after a lost connection or a time-out instead of repeating anything. Without plan: the last ones.',
  toolset: 'change',
  effect: 'read',
  level: 'config',
  complexity: 'simple',
  isOpenWorld: false,
  input: z.strictObject({ plan: planArgument.optional() }),
  output: z.object({ changes: z.array(Outcome.extend({ begunAt: z.string() })) }),
  async run({ plan }, context) {
    const desk = deskFrom(context);
    const asked = plan === undefined ? undefined : planFor(desk, plan, context.box.name);
    const id = asked?.plan.id;
    const { changes } = await context.box.call(changeStatus, id === undefined ? {} : { id });
    if (id !== undefined && changes.length === 0)
      context.note('The firewall knows no such change: it was not begun there.');
    const rows = changes.toSorted((a, b) => b.at - a.at).slice(0, 10);
    // For one of them there is time to compare.
    const lost = rows.find(({ overwritten }) => overwritten !== null);
    const record = lost && (asked ?? desk.plans.find(lost.id));
    const sides = record && (await sidesOf(lost, record, context));
    const [only] = rows;
    const otherNode = id && only ? await otherNodeOf(context.box, only) : undefined;
    return {
      changes: rows.map((trial) => ({
        ...outcomeOf(trial, { sides: trial === lost ? sides : undefined, otherNode }),
        begunAt: new Date(trial.at * 1000).toISOString(),
      })),
    };
  },
});
