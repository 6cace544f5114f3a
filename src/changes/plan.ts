import { createHash, randomBytes } from 'node:crypto';
import { diffConfigs, type ObjectChange } from '../config/diff.ts';
import { changeText } from '../config/diff-text.ts';
import { type ConfigTree, isList, listAt, textAt, treeAt } from '../config/model.ts';
import type { Box } from '../pfsense/box.ts';
import { type Candidate, type ChangeRequest, candidateOf } from './candidate.ts';
import { withFilterCron } from './filter-cron.ts';
import type { ChangeKind, Occasion } from './kind.ts';
import { type Operation, operationsBetween } from './operation.ts';
import { redactedPair } from './shown.ts';
import { type Step, stepsFor } from './steps.ts';
import { type Supplies, suppliesFor } from './supplies.ts';

/** How long a plan may wait to be applied, in milliseconds. */
export const PLAN_LIFE_MS = 3_600_000;

/** Which firewall a plan is for, so that it is never applied to another. */
export interface Target {
  readonly firewall: string;
  readonly hostKey: string;
  /** sha256 of the config.xml that the plan was made for. */
  readonly base: string;
}

/** What a plan is made from; the rest is computed from it, and from the same base always to the same end. */
export interface PlanOrder {
  readonly target: Target;
  readonly changes: readonly ChangeRequest[];
  readonly occasion: Occasion;
  /** Why, in the words of whoever asked; stands in the revision. */
  readonly reason: string;
  readonly windowSeconds: number;
}

export interface Plan {
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly order: PlanOrder;
  /** Over target, operations, steps, reason and window: what was shown is what runs. */
  readonly hash: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Everything that follows from an order and its base. */
export interface Draft {
  readonly candidate: Candidate;
  readonly operations: readonly Operation[];
  readonly steps: readonly Step[];
  readonly diff: readonly ObjectChange[];
  readonly hash: string;
}

/**
 * Works an order out on its base, with what its kinds have to ask the firewall for.
 * @throws PfsenseError `bad_input`, `not_found` from the kinds.
 */
export async function draftFor(
  box: Box,
  order: PlanOrder,
  base: ConfigTree,
  kinds: readonly ChangeKind[],
): Promise<Draft> {
  return draftOf(order, base, kinds, await suppliesFor(box, order.changes, kinds));
}

/** The same with supplies that are at hand. @throws PfsenseError `bad_input`, `not_found` from the kinds. */
export function draftOf(
  order: PlanOrder,
  base: ConfigTree,
  kinds: readonly ChangeKind[],
  supplies: Supplies = {},
): Draft {
  const plain = candidateOf(base, order.changes, kinds, { ...order.occasion, supplies });
  const own = operationsBetween(base, plain.config);
  const config = stepsFor(own, base, plain.config).some(isFilter) ? withFilterCron(plain.config) : plain.config;
  const operations = config === plain.config ? own : operationsBetween(base, config);
  const steps = stepsFor(operations, base, config);
  const { target, reason, windowSeconds } = order;
  const bound = { target, operations, steps, reason, windowSeconds };
  const hash = createHash('sha256').update(canonical(bound)).digest('hex');
  return { candidate: { ...plain, config }, operations, steps, diff: diffConfigs(...redactedPair(base, config)), hash };
}

function isFilter({ name }: Step): boolean {
  return name === 'filter';
}

export function planFrom(order: PlanOrder, { hash }: Draft, nowMs: number): Plan {
  return { id: randomBytes(16).toString('hex'), order, hash, expiresAt: nowMs + PLAN_LIFE_MS };
}

/** The same text for the same value, whatever the order of its keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** One sentence for each object that changes. */
export function sentencesOf(diff: readonly ObjectChange[]): string[] {
  return diff.map((change) => `${change.path}: ${changeText(change)}`);
}

/** Trackers of enabled rules that the plan brings or changes: they have to turn up in pf. */
export function trackersToSee(base: ConfigTree, candidate: ConfigTree): string[] {
  const before = new Map(listAt(base, 'filter/rule').map((rule) => [textAt(rule, 'tracker'), JSON.stringify(rule)]));
  return listAt(candidate, 'filter/rule')
    .filter((rule) => !isList(rule) && treeAt(rule, 'disabled') === undefined && !textAt(rule, 'sched'))
    .filter((rule) => before.get(textAt(rule, 'tracker')) !== JSON.stringify(rule))
    .flatMap((rule) => textAt(rule, 'tracker') || []);
}
