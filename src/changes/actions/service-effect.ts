import { z } from 'zod';
import { PfsenseError } from '../../core/errors.ts';
import type { Action } from './snippets.ts';

const Pids = z.array(z.int()).nullable();

const Facts = z.object({
  wasRunning: z.boolean().nullable(),
  isRunning: z.boolean().nullable(),
  before: Pids,
  after: Pids,
  answers: z.boolean().nullable(),
  isInEffect: z.boolean(),
});

/** What was seen of a service before and after. */
export const Seen = z.object({
  wasRunning: z.boolean().nullable(),
  isRunning: z.boolean().nullable(),
  before: Pids.describe('Its processes; null: they could not be listed'),
  after: Pids,
  answers: z.boolean().nullable().describe('At its socket, where it has one'),
});
export type Seen = z.output<typeof Seen>;

/** @throws PfsenseError `no_effect` when the processes do not show what was asked for; `bad_reply`. */
export function seenOf(action: Action): Seen {
  if (action.state === 'running')
    throw new PfsenseError('box_timeout', 'The firewall still works on it.', { phase: 'run', sideEffect: 'unknown' });
  const facts = Facts.safeParse(action.facts);
  if (!facts.success)
    throw new PfsenseError('bad_reply', 'The firewall left no word of how it ended.', {
      phase: 'reply',
      sideEffect: 'unknown',
    });
  const { isInEffect, ...seen } = facts.data;
  if (isInEffect) return seen;
  throw new PfsenseError('no_effect', `The service is not as it was asked to be: ${described(seen)}.`, {
    phase: 'run',
    sideEffect: 'done',
  });
}

function described({ isRunning, before, after, answers }: Seen): string {
  const processes =
    after === null ? '' : `, processes ${before?.join(' ') || 'none'} before and ${after.join(' ') || 'none'} after`;
  return `it ${isRunning ? 'runs' : 'does not run'}${processes}${answers === false ? ', and does not answer' : ''}`;
}
