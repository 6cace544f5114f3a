import { z } from 'zod';

/** One thing that was looked at, and what it means for the user. */
export const Reason = z.object({
  check: z.enum([
    'server',
    'account',
    'backend',
    'certificate',
    'revocation',
    'common name',
    'override',
    'privilege',
    'capacity',
    'log',
    'source address',
  ]),
  result: z.enum(['blocks', 'unknown', 'passes']),
  says: z.string(),
  about: z.string().optional().describe('What it is about: a name from the configuration'),
  todo: z.string().optional(),
});
export type Reason = z.output<typeof Reason>;
export type Check = Reason['check'];

export const VERDICTS = ['yes', 'no', 'unknown'] as const;
export type Verdict = (typeof VERDICTS)[number];

export function blocks(check: Check, says: string, todo: string, about?: string): Reason {
  return { check, result: 'blocks', says, ...(about ? { about } : {}), todo };
}

export function unknown(check: Check, says: string, about?: string): Reason {
  return { check, result: 'unknown', says, ...(about ? { about } : {}) };
}

export function passes(check: Check, says: string, about?: string): Reason {
  return { check, result: 'passes', says, ...(about ? { about } : {}) };
}

/** One thing that blocks is enough; what could not be looked at leaves it open. */
export function verdictOf(reasons: readonly Reason[]): Verdict {
  if (reasons.some(({ result }) => result === 'blocks')) return 'no';
  return reasons.some(({ result }) => result === 'unknown') ? 'unknown' : 'yes';
}
