import { z } from 'zod';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { PlanId, Program } from '../stored.ts';

export const actionPrepare = defineSnippet({
  id: 'action/prepare',
  effect: 'service',
  complexity: 'config',
  input: z.strictObject({
    id: PlanId,
    action: z.string(),
    /** As JSON. */
    args: z.string(),
    person: z.string(),
    reason: z.string(),
    /** After this it is ended, as it would keep everything else out. */
    limitSeconds: z.int().min(1),
    programs: z.array(Program).readonly(),
  }),
  output: z.object({ folder: z.string() }),
});

/** What the firewall itself knows about one action. */
export const Action = z.object({
  id: z.string(),
  action: z.string(),
  /** `unknown`: it was begun, does not run any more, and left no word. */
  state: z.enum(['running', 'over', 'unknown']),
  /** An error code; null when it came to its end. */
  failure: z.string().nullable(),
  /** A sentence of our own programs. */
  problem: z.string().nullable(),
  /** What was seen of the effect; PHP writes an empty record as a list. */
  facts: z.record(z.string(), z.unknown()).or(z.array(z.never()).transform((): Record<string, unknown> => ({}))),
  /** Last lines of a long one; hostile text. */
  progress: z.array(z.string()),
  /** Whether the firewall booted since it was begun. */
  hasBooted: z.boolean(),
  seconds: z.number(),
  /** Seconds since the epoch. */
  at: z.number(),
});
export type Action = z.output<typeof Action>;

export const actionStatus = defineSnippet({
  id: 'action/status',
  effect: 'read',
  complexity: 'simple',
  input: z.strictObject({ id: PlanId.optional() }),
  output: z.object({ actions: z.array(Action) }),
});
