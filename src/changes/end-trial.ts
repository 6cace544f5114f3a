import { type Box, liveOf } from '../pfsense/box.ts';
import { changeRollback, type Trial } from './snippets.ts';
import { isSwitchAlive, trialOf, trialWhen } from './trial-status.ts';

/** How long a call waits for a change to be undone; the switch goes on trying. */
const UNDO_MS = 30_000;

/** Ends a trial before its time. @throws PfsenseError `change_over`, `not_found`. */
export async function endTrial({ box }: { readonly box: Box }, planId: string): Promise<Trial> {
  return undone(box, await trialOf(box, planId));
}

/**
 * Has the switch undo a change and waits for it, for a while: it may still be `reverting` then.
 * @throws PfsenseError `change_over`, `not_found`.
 */
export async function undone(box: Box, trial: Trial): Promise<Trial> {
  const { id } = trial;
  await box.call(changeRollback, { id });
  if (!isSwitchAlive(trial)) await liveOf(box).startDetached(`/cf/conf/pfsense-mcp/${id}`, ['switch']);
  return trialWhen(box, id, isOver, UNDO_MS);
}

function isOver({ state }: Trial): boolean {
  return state === 'confirmed' || state === 'reverted' || state === 'unknown';
}
