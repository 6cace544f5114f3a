import type { Personality } from '../personalities.ts';
import type { CommandResult } from '../php/backend.ts';

/** What simulated programs know about their box. */
export interface LabBox {
  /** Host path of the lab's file system. */
  readonly root: string;
  /** Start of the lab, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly personalities: readonly Personality[];
}

export type Program = (args: readonly string[], box: LabBox) => CommandResult;

export function ok(stdout: string): CommandResult {
  return { stdout, stderr: '', code: 0 };
}

/** Number of the rule in pf that let the nth state in, by the tracker it has in the lab's own configuration. */
export type RuleOf = (tracker: string, n: number) => number;
