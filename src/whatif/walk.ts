import type { TableLookup } from './addresses.ts';
import type { Passage } from './packet.ts';
import { matches, type PfRule } from './pf-rule.ts';

export type Effect = 'pass' | 'block' | 'reject';

/** A rule that a packet met, or may have met, on its way down. */
export interface Met {
  readonly index: number;
  readonly rule: PfRule;
  /** What would have to be known; empty: it matches. */
  readonly unless: readonly string[];
}

/** What pf's rules do to one passage of a packet. */
export interface WalkResult {
  /** What happens when nothing unknown interferes. */
  readonly effect: Effect;
  /** The rule behind it; undefined: none matched, which pf passes. */
  readonly deciding: Met | undefined;
  /** Rules of another effect that may decide instead. */
  readonly rivals: readonly Met[];
  /** Place of the last rule that could have had a say; behind the last one where no quick rule ended it. */
  readonly settledIndex: number;
  readonly met: readonly Met[];
  /** Tag the packet carries on; null: not known. */
  readonly tag: string | null;
}

/** Walks the rules as pf does: the last match decides, unless a quick one ends it. */
export function walkRules(rules: readonly PfRule[], start: Passage, tables: TableLookup): WalkResult {
  let passage = start;
  let winner: Met | undefined;
  let late: Met[] = [];
  const quick: Met[] = [];
  const met: Met[] = [];
  const end = (settledIndex: number): WalkResult => {
    const effect = effectOf(winner);
    const rivals = [...quick, ...late].filter((one) => effectOf(one) !== effect);
    return { effect, deciding: winner, rivals, settledIndex, met, tag: passage.tag };
  };
  for (const [index, rule] of rules.entries()) {
    const truth = matches(rule, passage, tables);
    if (truth === false) continue;
    const one: Met = { index, rule, unless: truth === true ? [] : truth };
    met.push(one);
    if (rule.tag !== null) passage = { ...passage, tag: truth === true ? rule.tag : null };
    if (rule.action === 'match') {
      const ending = [...one.unless, ...rule.quickUnless];
      if (rule.quick && ending.length === 0) return end(index);
      if (rule.quick) quick.push(...outcomes(winner ?? one, late, ending));
      continue;
    }
    if (truth !== true) (rule.quick ? quick : late).push(one);
    else {
      winner = one;
      late = [];
      if (rule.quick) return end(index);
    }
  }
  // One more rule behind the last could have had a say as well.
  return end(rules.length);
}

/** What may have been decided so far, where the search ends now. */
function outcomes(winner: Met, late: readonly Met[], ending: readonly string[]): Met[] {
  return [winner, ...late].map((one) => ({ ...one, unless: [...new Set([...one.unless, ...ending])] }));
}

function effectOf(met: Met | undefined): Effect {
  const action = met?.rule.action ?? 'pass';
  return action === 'match' ? 'pass' : action;
}
