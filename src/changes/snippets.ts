import { z } from 'zod';
import { defineSnippet } from '../pfsense/snippet.ts';
import { PlanId, Program } from './stored.ts';

const Tier = z.enum(['volatile', 'durable']);

export const changePrepare = defineSnippet({
  id: 'change/prepare',
  effect: 'config',
  complexity: 'config',
  input: z.strictObject({
    id: PlanId,
    tier: Tier,
    base: z.string(),
    /** Of the plan. */
    hash: z.string(),
    /** As JSON. */
    operations: z.string(),
    steps: z.array(z.strictObject({ name: z.string(), subjects: z.array(z.string()).readonly() })).readonly(),
    windowSeconds: z.int().min(5).max(3_600),
    /** Stands in the note of the revision, and says that it is ours. */
    mark: z.string(),
    description: z.string(),
    person: z.string(),
    programs: z.array(Program).readonly(),
  }),
  output: z.object({ folder: z.string() }),
});

export const changeStage = defineSnippet({
  id: 'change/stage',
  effect: 'config',
  complexity: 'config',
  input: z.strictObject({ id: PlanId, trackers: z.array(z.string()) }),
  output: z.object({
    isLoaded: z.boolean(),
    /** The last line that the reload left; hostile text. */
    status: z.string(),
    /** Trackers of rules that did not make it into pf. */
    missing: z.array(z.string()),
    seconds: z.number(),
  }),
});

export const changeConfirm = defineSnippet({
  id: 'change/confirm',
  effect: 'config',
  complexity: 'config',
  input: z.strictObject({ id: PlanId, hash: z.string(), person: z.string() }),
  output: z.object({
    config: z.string(),
    revision: z.string(),
    /** Whether nobody wrote between our look and our write; null when that cannot be told. */
    wasUndisturbed: z.boolean().nullable(),
    /** Whether somebody else wrote other parts while the change was on trial. */
    isMerged: z.boolean(),
  }),
});

export const changePublish = defineSnippet({
  id: 'change/publish',
  effect: 'config',
  complexity: 'config',
  input: z.strictObject({ id: PlanId }),
  output: z.object({ done: z.array(z.string()) }),
});

export const changeRollback = defineSnippet({
  id: 'change/rollback',
  effect: 'config',
  complexity: 'config',
  input: z.strictObject({ id: PlanId }),
  /** Whether the switch is asked to undo it, which takes a while. */
  output: z.object({ isAsked: z.boolean() }),
});

const StepResult = z.object({ step: z.string(), problem: z.string().nullable() });

/** What the firewall itself knows about one change. */
export const Trial = z.object({
  id: z.string(),
  tier: Tier,
  state: z.enum(['prepared', 'armed', 'confirming', 'reverting', 'confirmed', 'reverted', 'unknown']),
  /** Null when it was begun to be brought into force and the end of that is not known. */
  wasLoaded: z.boolean().nullable(),
  /** Whether the rules, or the configuration when it was written, are still the ones that the change left. */
  isStillLoaded: z.boolean().nullable(),
  /** An error code. */
  failure: z.string().nullable(),
  steps: z.array(StepResult),
  /** How undoing went, step by step. */
  undone: z.array(StepResult),
  /** sha256 of the configuration that it wrote; null while it wrote none. */
  written: z.string().nullable(),
  /**
   * Somebody else undid what it wrote (`lost`), or brought it back after it was undone. `isBlind`: without having read
   * that; null when it cannot be told. Who wrote last, and why, is hostile text.
   */
  overwritten: z
    .object({
      what: z.enum(['lost', 'back']),
      isBlind: z.boolean().nullable(),
      by: z.string(),
      note: z.string(),
      at: z.number().min(0).max(8e12),
    })
    .nullable(),
  /** Places that somebody else changed as well, which therefore stayed as they are. */
  conflicts: z.array(z.string()),
  /** Undoing was tried so often and did not hold yet; what the firewall said is hostile text. */
  trouble: z.object({ tries: z.number(), said: z.string() }).nullable(),
  secondsLeft: z.number(),
  /** Seconds since the last beat of the switch. */
  beatAge: z.number().nullable(),
  endedBy: z.string().nullable(),
  /** Seconds since the epoch. */
  at: z.number(),
});
export type Trial = z.output<typeof Trial>;

export const changeStatus = defineSnippet({
  id: 'change/status',
  effect: 'read',
  complexity: 'simple',
  input: z.strictObject({ id: PlanId.optional() }),
  output: z.object({ changes: z.array(Trial), config: z.string().nullable(), now: z.number() }),
});

export const changeRevision = defineSnippet({
  id: 'change/revision',
  effect: 'read',
  complexity: 'config',
  input: z.strictObject({ id: PlanId, sha256: z.string() }),
  /** Base64 of the whole document, secrets included; never to be shown. */
  output: z.object({ document: z.string().nullable() }),
});

export const changePeer = defineSnippet({
  id: 'change/peer',
  effect: 'read',
  complexity: 'firewall',
  input: z.strictObject({ id: PlanId, sentBy: z.record(z.string(), z.array(z.string()).readonly()).readonly() }),
  output: z.object({
    /** Null: there is nothing to compare. */
    isReached: z.boolean().nullable(),
    /** Sections that the change touched. */
    different: z.array(z.string()),
  }),
});
