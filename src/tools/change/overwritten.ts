import type { BothSides } from '../../changes/both-sides.ts';
import type { PlanRecord } from '../../changes/plan-store.ts';
import type { Trial } from '../../changes/snippets.ts';
import type { ToolContext } from '../tool.ts';
import { comparedFor, deskFrom } from './desk.ts';

/** What a change did and what others did to it, when they overwrote it; undefined as well when nobody can say. */
export async function sidesOf(trial: Trial, record: PlanRecord, context: ToolContext): Promise<BothSides | undefined> {
  if (trial.overwritten === null) return undefined;
  const { bothSides, KINDS } = await import('./work.ts');
  // What became of the change is told without them, too.
  return bothSides(comparedFor(deskFrom(context), record, context.box, KINDS), trial.written).catch(() => undefined);
}
