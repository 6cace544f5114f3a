import { z } from 'zod';
import type { Action } from '../../changes/actions/snippets.ts';
import { cleanText } from '../../core/untrusted.ts';

/** What became of an action, in the words of the one who has to decide next. */
export const Outcome = z.object({
  plan: z.string(),
  action: z.string(),
  state: z.enum(['running', 'done', 'without effect', 'failed', 'unknown']),
  seen: z.record(z.string(), z.unknown()).describe('What was observed before and after'),
  progress: z.array(z.string()).optional().describe('Last lines of its log'),
  seconds: z.number(),
  next: z.string(),
});
export type Outcome = z.output<typeof Outcome>;

export function outcomeOf(action: Action): Outcome {
  const { isInEffect: _told, ...seen } = action.facts;
  const state = stateOf(action);
  const progress = action.progress.map((line) => cleanText(line, 200));
  return {
    plan: action.id,
    action: action.action,
    state,
    seen,
    ...(progress.length > 0 ? { progress } : {}),
    seconds: action.seconds,
    next: NEXT[state],
  };
}

function stateOf({ action, state, failure, facts, hasBooted }: Action): Outcome['state'] {
  if (failure !== null) return 'failed';
  // That it was asked for is no proof; that it runs since later is.
  if (/^system\./.test(action)) return hasBooted ? 'done' : state === 'unknown' ? 'unknown' : 'running';
  if (state !== 'over') return state;
  return facts['isInEffect'] === true ? 'done' : 'without effect';
}

const NEXT: Readonly<Record<Outcome['state'], string>> = {
  running: 'Ask pf_action_status later; do not order it again.',
  done: 'Nothing; the effect was seen.',
  'without effect': 'Look at the log (pf_log_search) for why; nothing of it is tried again by itself.',
  failed: 'See what pf_action_run said, or the log, and plan again.',
  unknown: 'It ended without a word: look at the firewall itself before anything is ordered again.',
};
