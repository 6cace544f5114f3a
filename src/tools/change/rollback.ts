import { z } from 'zod';
import { otherNodeOf } from '../../changes/other-node.ts';
import { trialOf } from '../../changes/trial-status.ts';
import { defineTool } from '../tool.ts';
import { planArgument } from './apply.ts';
import { auditedChange, deskFrom, planFor } from './desk.ts';
import { Outcome, outcomeOf } from './outcome.ts';
import { sidesOf } from './overwritten.ts';

/** How long a call waits for the other node of a pair to get what this one has. */
const SYNCHRONISED_MS = 10_000;

export default defineTool({
  name: 'pf_change_rollback',
  title: 'Undo a change on trial',
  description: 'Ends a trial now: what it changed is undone. What others wrote meanwhile stays. Needs no approval.',
  toolset: 'change',
  effect: 'config',
  complexity: 'config',
  isOpenWorld: false,
  input: z.strictObject({ plan: planArgument }),
  output: Outcome,
  async run({ plan }, context) {
    const { endTrial } = await import('./work.ts');
    const { box } = context;
    const record = planFor(deskFrom(context), plan, box.name);
    context.audit(auditedChange(record.plan));
    const trial = await trialOf(box, record.plan.id);
    // Seen from what is there before it is undone.
    const sides = await sidesOf(trial, record, context);
    const after = await endTrial(context, record.plan.id);
    const otherNode = await otherNodeOf(box, after, SYNCHRONISED_MS);
    return outcomeOf({ ...after, overwritten: after.overwritten ?? trial.overwritten }, { sides, otherNode });
  },
});
