import { z } from 'zod';
import type { ConfigTree } from '../config/model.ts';
import { PfsenseError } from '../core/errors.ts';
import { nearestName } from '../core/names.ts';
import type { JudgedChange } from '../policy/change-policy.ts';
import { type ChangeKind, levelOf, type Occasion, type Tier } from './kind.ts';
import { followNat, natTrailOf, withIdsOfNow } from './nat-ids.ts';
import { operationsBetween } from './operation.ts';

/** A change as somebody asks for it. */
export const ChangeRequest = z.strictObject({
  kind: z.string().max(60).describe('From pf_change_kinds'),
  args: z.record(z.string(), z.unknown()).default({}),
});
export type ChangeRequest = z.output<typeof ChangeRequest>;

export interface Candidate {
  readonly config: ConfigTree;
  /** The strictest of all changes. */
  readonly tier: Tier;
  /** Places in the list of changes, from 1, of those that change nothing. */
  readonly without: readonly number[];
  /** What each change touches, for the policy. */
  readonly parts: readonly JudgedChange[];
}

/**
 * The configuration after all changes, one after the other. Ids of NAT rules mean the rules that have them in the base,
 * whatever earlier changes make of them.
 * @throws PfsenseError `bad_input`, `not_found`; the message says which change it was.
 */
export function candidateOf(
  base: ConfigTree,
  changes: readonly ChangeRequest[],
  kinds: readonly ChangeKind[],
  occasion: Occasion,
): Candidate {
  let config = base;
  let trail = natTrailOf(base);
  const used: ChangeKind[] = [];
  const without: number[] = [];
  const parts: JudgedChange[] = [];
  changes.forEach(({ kind: id, args }, index) => {
    const kind = kinds.find((one) => one.id === id);
    if (!kind) throw unknownKind(id, kinds, index);
    const next = applyOne(config, kind, withIdsOfNow(id, args, trail, config), { index, occasion });
    trail = followNat(trail, config, next);
    if (next === config) without.push(index + 1);
    else used.push(kind);
    parts.push({ kind: id, level: levelOf(kind), paths: operationsBetween(config, next).map(({ path }) => path) });
    config = next;
  });
  return {
    config,
    tier: used.some(({ tier }) => tier === 'durable') ? 'durable' : 'volatile',
    without,
    parts,
  };
}

interface Turn {
  readonly index: number;
  readonly occasion: Occasion;
}

function applyOne(config: ConfigTree, kind: ChangeKind, args: unknown, { index, occasion }: Turn): ConfigTree {
  const parsed = kind.input.safeParse(args);
  if (!parsed.success) throw badArguments(kind, parsed.error, index);
  try {
    // The arguments were parsed by the kind's own schema, which its type no longer shows.
    return kind.apply(config, parsed.data as never, occasion);
  } catch (error) {
    if (!(error instanceof PfsenseError)) throw error;
    throw new PfsenseError(error.code, `Change ${index + 1} (${kind.id}): ${error.message}`, error.facts);
  }
}

function unknownKind(id: string, kinds: readonly ChangeKind[], index: number): PfsenseError {
  const nearest = nearestName(
    id,
    kinds.map((kind) => kind.id),
  );
  return new PfsenseError('bad_input', `Change ${index + 1}: there is no such kind of change.`, {
    phase: 'input',
    hint: `${nearest === undefined ? '' : `Did you mean ${nearest}? `}pf_change_kinds lists them.`,
  });
}

function badArguments({ id, input }: ChangeKind, error: z.ZodError, index: number): PfsenseError {
  const problems = error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.map(String).join('.') || 'args'}: ${issue.message}`);
  return new PfsenseError('bad_input', `Change ${index + 1} (${id}): ${problems.join('; ')}.`, {
    phase: 'input',
    hint: `Arguments: ${Object.keys(input.shape).join(', ')}. pf_change_kinds {"kind":"${id}"} shows the schema and an example.`,
  });
}
