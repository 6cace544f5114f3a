import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '../core/clock.ts';
import type { Box } from '../pfsense/box.ts';
import { SENT_BY } from '../pfsense/ha-sync.ts';
import { changePeer, type Trial } from './snippets.ts';

/** pfSense synchronises some seconds after a change. */
const LOOK_AGAIN_MS = 1_000;

/** The other node of a pair, beside this one. */
export interface OtherNode {
  readonly isReached: boolean;
  /** Sections of the configuration that the change touched, and that are not the same on both. */
  readonly different: readonly string[];
}

/**
 * Whether the other node of a pair has what this one has where a change that is over touched it; waits up to `waitMs`
 * for it to become so. Undefined where there is nothing to compare, or when it could not be asked.
 */
export async function otherNodeOf(box: Box, trial: Trial, waitMs = 0): Promise<OtherNode | undefined> {
  const isOver = trial.state === 'confirmed' || trial.state === 'reverted';
  if (!isOver || trial.written === null) return undefined;
  const until = monotonicMs() + waitMs;
  for (;;) {
    const seen = await box.call(changePeer, { id: trial.id, sentBy: SENT_BY }).catch(() => undefined);
    if (!seen || seen.isReached === null) return undefined;
    const isSame = seen.isReached && seen.different.length === 0;
    if (isSame || monotonicMs() > until) return { isReached: seen.isReached, different: seen.different };
    // What became of the change is told, whether or not there is time for this.
    await sleep(LOOK_AGAIN_MS, undefined, { signal: box.signal }).catch(() => undefined);
  }
}
