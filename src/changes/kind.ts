import type { z } from 'zod';
import type { ConfigTree } from '../config/model.ts';
import { PfsenseError } from '../core/errors.ts';
import type { Need, Supplies } from './supplies.ts';

/**
 * How a change is tried out. `volatile`: loaded without being written, so that a reload or a reboot undoes it.
 * `durable`: it has to be written first.
 */
export type Tier = 'volatile' | 'durable';

/** Whatever would differ from run to run, so that a kind gives the same result for the same arguments. */
export interface Occasion {
  /** Seconds since the epoch: stamps and trackers are made from it. */
  readonly now: number;
  /** Whom `created` and `updated` name, in pfSense's form: `name (what for)`. */
  readonly by: string;
  /** What the kinds in hand said that they need. */
  readonly supplies?: Supplies;
}

/** One thing that can be changed: a pure function from a configuration to the next one. */
export interface ChangeKind {
  /** `<noun>.<verb>`, as in `alias.create`. */
  readonly id: string;
  /** One sentence for the list of kinds. */
  readonly summary: string;
  readonly tier: Tier;
  /** The permission that it takes to plan it and to apply it; `config` where it does not say. */
  readonly level?: 'config' | 'dangerous';
  readonly input: z.ZodObject;
  /** Arguments that the schema accepts. */
  readonly example: Record<string, unknown>;
  /** What has to be fetched for these arguments before it applies. */
  needs?(args: never): readonly Need[];
  /**
   * The configuration after the change; the very same one when it is already so.
   * @throws PfsenseError `bad_input` for what pfSense's own pages refuse, `not_found` for an object that is not there.
   */
  apply(config: ConfigTree, args: never, occasion: Occasion): ConfigTree;
}

interface Declaration<I extends z.ZodObject> extends Omit<ChangeKind, 'input' | 'example' | 'needs' | 'apply'> {
  readonly input: I;
  readonly example: z.input<I> & Record<string, unknown>;
  needs?(args: z.output<I>): readonly Need[];
  apply(config: ConfigTree, args: z.output<I>, occasion: Occasion): ConfigTree;
}

/** Declares a change kind; `apply` gets arguments that its schema has parsed. */
export function defineKind<I extends z.ZodObject>(kind: Declaration<I>): ChangeKind {
  return kind;
}

/** The permission that it takes to plan it and to apply it. */
export function levelOf({ level = 'config' }: Pick<ChangeKind, 'level'>): 'config' | 'dangerous' {
  return level;
}

/** What pfSense's own page would not save. */
export function refused(message: string, hint?: string): PfsenseError {
  return new PfsenseError('bad_input', message, { phase: 'input', ...(hint === undefined ? {} : { hint }) });
}

export function notThere(message: string, hint: string): PfsenseError {
  return new PfsenseError('not_found', message, { phase: 'input', hint });
}
