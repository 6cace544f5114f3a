import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '../core/clock.ts';
import { PfsenseError } from '../core/errors.ts';
import { cleanText } from '../core/untrusted.ts';
import type { Box } from '../pfsense/box.ts';
import { changeStatus, type Trial } from './snippets.ts';

/** The switch beats every half second. */
const DEAD_AFTER_SECONDS = 15;
const LOOK_AGAIN_MS = 500;

/** Whether the switch that would undo the change still runs. */
export function isSwitchAlive({ beatAge }: Trial): boolean {
  return beatAge !== null && beatAge < DEAD_AFTER_SECONDS;
}

/** @throws PfsenseError `not_found` when the firewall knows of no such change. */
export async function trialOf(box: Box, planId: string): Promise<Trial> {
  const { changes } = await box.call(changeStatus, { id: planId });
  const [trial] = changes;
  if (trial) return trial;
  throw new PfsenseError('not_found', 'The firewall knows no such change: it was not begun there.', { phase: 'run' });
}

/**
 * The change when it has come that far, or after `limitMs` as it is then. What is under way may cut the connection, so
 * that a lost one is made again.
 */
export async function trialWhen(
  box: Box,
  id: string,
  isReached: (trial: Trial) => boolean,
  limitMs = Number.POSITIVE_INFINITY,
): Promise<Trial> {
  const until = monotonicMs() + limitMs;
  for (;;) {
    try {
      const trial = await trialOf(box, id);
      if (isReached(trial) || monotonicMs() > until) return trial;
    } catch (error) {
      if (!(error instanceof PfsenseError) || !error.kind.outage || box.signal.aborted) throw error;
    }
    await sleep(LOOK_AGAIN_MS, undefined, { signal: box.signal });
  }
}

/** pf's message quotes rules that administrators wrote. */
export function refusedRules(status: string, trial: Trial): PfsenseError {
  const said = cleanText(status, 300);
  return new PfsenseError('rules_refused', `The rules could not be loaded. The firewall says: ${said}`, {
    phase: 'run',
    ...whatIsLeft(trial),
  });
}

/** For an error after which a change is taken back: whether it is by now. */
export function whatIsLeft({ state, undone }: Trial): { sideEffect: 'none' | 'unknown'; hint?: string } {
  if (state === 'reverted' && undone.some(({ problem }) => problem !== null))
    return {
      sideEffect: 'unknown',
      hint: 'The configuration is what it was, but not all of it came into force again: pf_change_status says what.',
    };
  if (state === 'reverted') return { sideEffect: 'none' };
  return {
    sideEffect: 'unknown',
    hint: 'It is still being undone, and tried again until that holds: pf_change_status says how it goes.',
  };
}
