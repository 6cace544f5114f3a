import type { NatOrigin } from './nat/translation.ts';
import type { Action, Origin } from './pf-rule.ts';
import type { WayOut } from './route.ts';
import type { Effect } from './walk.ts';

/** A rule as it is told in a verdict. Descriptions in `origin` are text of whoever configured the firewall. */
export interface RuleSeen {
  /** Place among all rules of pf, from 0. */
  readonly index: number;
  readonly action: Action;
  readonly quick: boolean;
  readonly origin: Origin;
  readonly gateway: string | null;
  /** What would have to be known for it to match; empty: it matches. */
  readonly unless: readonly string[];
}

/** One passage through the filter. */
export interface Leg {
  readonly direction: 'in' | 'out';
  readonly effect: Effect | 'unknown';
  /** What happens when nothing unknown interferes. */
  readonly otherwise: Effect;
  /** undefined: the filter was not asked (`rdr pass`), or no rule matched. */
  readonly deciding: RuleSeen | undefined;
  /** Rules at or above this place can have had a say; with none of them changed, the answer cannot change. */
  readonly settledIndex: number;
  readonly unknowns: readonly string[];
  /** Rules that were met, the last ones when there are many. */
  readonly trace: readonly RuleSeen[];
  readonly traceCut: number;
}

export interface NatSeen {
  readonly origin: NatOrigin;
  /** null: not known. */
  readonly address: string | null;
  readonly port: number | null;
}

/** What becomes of a packet. */
export interface Verdict {
  /** `unknown`: something that is not known could turn it; `unknowns` names it. */
  readonly verdict: Effect | 'unknown';
  /** What happens when none of the unknowns interferes. */
  readonly otherwise: Effect;
  readonly unknowns: readonly string[];
  /** The rule behind `otherwise`. */
  readonly deciding: RuleSeen | undefined;
  /** Index of that rule among `compiled.rules`; undefined when no rule decided. */
  readonly decidingIndex: number | undefined;
  readonly decidedAt: 'in' | 'out' | 'nowhere';
  readonly legs: readonly Leg[];
  readonly nat: { readonly destination?: NatSeen; readonly source?: NatSeen };
  /** Whether the firewall itself is the destination; null: not known. */
  readonly isForFirewall: boolean | null;
  /** null: not known, or it does not leave. */
  readonly leavesBy: WayOut | null;
}
