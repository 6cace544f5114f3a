import { PfsenseError } from '../core/errors.ts';
import { outgoingText } from '../core/outlet.ts';
import { type Box, liveOf } from '../pfsense/box.ts';
import { undone } from './end-trial.ts';
import type { Trial } from './snippets.ts';
import { trialWhen, whatIsLeft } from './trial-status.ts';

/**
 * Writes a change and brings it into force step by step, by a process of its own on the firewall.
 * @throws PfsenseError `switch_dead`, `plan_stale`, `box_storage`, `box_not_ready`; `not_in_force` when a step failed
 *   and it was undone.
 */
export async function beginDurable(box: Box, id: string, folder: string): Promise<void> {
  await liveOf(box).startDetached(folder, ['apply']);
  const trial = await trialWhen(box, id, isApplied);
  const problems = trial.steps.flatMap(({ step, problem }) => (problem === null ? [] : [`${step}: ${problem}`]));
  if (trial.failure === null && problems.length === 0 && trial.state === 'armed') return;
  const after = trial.state === 'armed' ? await undone(box, trial) : trial;
  if (trial.failure !== null) throw failed(trial.failure, after);
  const said = outgoingText(problems.join(' ') || 'The time ran out before all steps were done.', 500);
  throw new PfsenseError('not_in_force', `The change was undone. ${said}`, { phase: 'run', ...whatIsLeft(after) });
}

function isApplied({ state, wasLoaded, failure }: Trial): boolean {
  return (state !== 'armed' && state !== 'prepared') || failure !== null || wasLoaded === true;
}

const FAILURES = {
  switch_dead: 'The switch that would undo the change does not run; nothing was written.',
  plan_stale: 'The configuration changed since the plan was made; nothing was written.',
  box_storage: 'pfSense could not write what the change needs, so the change is not made.',
  box_not_ready: 'Somebody else holds the configuration lock of pfSense; nothing was written.',
} as const;

function failed(code: string, trial: Trial): PfsenseError {
  const known = Object.entries(FAILURES).find(([name]) => name === code);
  if (!known) return new PfsenseError('bad_reply', 'The firewall gave a reason that is not known.', { phase: 'reply' });
  return new PfsenseError(code as keyof typeof FAILURES, known[1], { phase: 'run', ...whatIsLeft(trial) });
}
