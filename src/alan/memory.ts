import type { Complexity } from '../core/bounds.ts';
import type { RuleSample, RuleWatch } from './rule-watch.ts';
import type { Snapshot } from './snapshot.ts';

/** What is remembered of one firewall beyond a call. It never fails one: what cannot be kept is lost. */
export interface FirewallMemory {
  /** Whether it outlives this process. */
  readonly isLasting: boolean;
  /** What is known of the use of rules with this look included; it is written once an hour, and when a rule came into use. */
  watchRules(sample: RuleSample): RuleWatch;
  /** Snapshots, oldest first. */
  snapshots(): Snapshot[];
  keepSnapshot(snapshot: Snapshot): void;
  /** How long calls of this tool took lately, in milliseconds (median); null when none was seen. */
  expectedMs(tool: string, complexity: Complexity): number | null;
}
