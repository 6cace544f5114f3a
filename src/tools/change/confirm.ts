import { z } from 'zod';
import { authorize, mustBeApproved } from '../../changes/approval.ts';
import { trialOf } from '../../changes/trial-status.ts';
import { defineTool } from '../tool.ts';
import { planArgument } from './apply.ts';
import { auditedChange, comparedFor, deskForKinds, deskFrom, permitKinds, planFor } from './desk.ts';
import { Outcome, outcomeOf } from './outcome.ts';

const TOOL = 'pf_change_confirm';

export default defineTool({
  name: TOOL,
  title: 'Make a change permanent',
  description:
    'Makes a change permanent that is on trial, over a new connection. Needs approval the same way as pf_change_apply. Refused when something else reloaded the rules, or somebody changed the same parts meanwhile.',
  toolset: 'change',
  effect: 'config',
  complexity: 'config',
  isOpenWorld: false,
  input: z.strictObject({ plan: planArgument }),
  output: Outcome.extend({ revision: z.string() }),
  async authorize({ plan }, desk, firewall) {
    const { KINDS } = await import('./work.ts');
    const record = planFor(desk, plan, firewall);
    permitKinds(desk, { tool: TOOL, firewall }, record.plan.order.changes, KINDS);
    await authorize(deskForKinds(desk, record.plan.order.changes, KINDS), record, 'confirm');
  },
  async run({ plan: id }, context) {
    const { confirmTrial, explained, KINDS } = await import('./work.ts');
    const { box, note, audit } = context;
    const desk = deskFrom(context);
    const record = planFor(desk, id, box.name);
    const { person } = mustBeApproved(record, 'confirm');
    audit(auditedChange(record.plan));
    const written = await confirmTrial({ box, person }, record.plan).catch(async (error: unknown): Promise<never> => {
      const trial = await trialOf(box, record.plan.id).catch(() => undefined);
      throw await explained(error, comparedFor(desk, record, box, KINDS), trial);
    });
    audit({ ...auditedChange(record.plan), result: written.config });
    desk.plans.save({ ...record, confirmedAt: desk.now() });
    if (written.wasUndisturbed === false)
      note(
        'Somebody else wrote the configuration in the same moment: compare the last revisions with pf_config_history.',
      );
    if (written.isMerged)
      note('Somebody else changed other parts of the configuration while this was on trial; both changes are written.');
    if (written.published?.includes('table'))
      note(
        'pfSense fetches the lists of URL table aliases now; until then those are empty. Look with pf_alias_search.',
      );
    if (written.published === null)
      note(
        'Written, but the other node, packages and the backup service could not be told; pfSense does so with the next save.',
      );
    return { ...outcomeOf(await trialOf(box, record.plan.id)), revision: written.revision };
  },
});
