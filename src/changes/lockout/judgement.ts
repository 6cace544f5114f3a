import type { ConfigTree } from '../../config/model.ts';
import type { FlowToKeep } from '../../core/settings.ts';
import type { SessionFacts } from './session.ts';

/** Whether something that a way to the firewall hangs on survives a change. */
export interface Judgement {
  /** What it is about, as in `this session`, `the key of user admin`. */
  readonly subject: string;
  readonly verdict: 'unchanged' | 'passes' | 'cut' | 'unknown';
  /** What would have to be known, or why it is cut. */
  readonly because: readonly string[];
}

/** Looks at one thing that a way to the firewall hangs on. What it cannot show to survive is `unknown`. */
export type Judge = (
  session: SessionFacts,
  base: ConfigTree,
  candidate: ConfigTree,
  keep: readonly FlowToKeep[],
) => readonly Judgement[];

/** Whether a change may be tried with these judgements; nothing that could not be shown to survive is called safe. */
export function isSafe(judgements: readonly Judgement[]): boolean {
  return dangersOf(judgements).length === 0;
}

/** Those that stand against a change. */
export function dangersOf(judgements: readonly Judgement[]): Judgement[] {
  return judgements.filter(({ verdict }) => verdict !== 'unchanged' && verdict !== 'passes');
}

/** One of them in words. */
export function judgementText({ subject, verdict, because }: Judgement): string {
  return `${subject}: ${[verdict, ...because].join(', ')}`;
}
