import { z } from 'zod';
import { type ConfigTree, listAt, textAt, treeAt } from '../config/model.ts';
import { changedLines } from '../config/unified-diff.ts';
import { PfsenseError } from '../core/errors.ts';
import type { Box, ConfigDocument } from '../pfsense/box.ts';
import { defineSnippet } from '../pfsense/snippet.ts';
import type { Draft } from './plan.ts';
import { isTimeBased } from './time-based.ts';

export const changeRules = defineSnippet({
  id: 'change/rules',
  effect: 'config',
  complexity: 'config',
  input: z.strictObject({ base: z.string(), operations: z.array(z.unknown()) }),
  output: z.object({
    rules: z.string(),
    /** What pf says against the rules; null when it takes them. */
    refused: z.string().nullable(),
  }),
});

/** The rules of pf that a change brings and takes away. */
export interface RulesDiff {
  /** Each with `+` or `-` before it, in the order of pf. */
  readonly lines: readonly string[];
  /** What pf says against the changed rules; null when it takes them. */
  readonly refused: string | null;
  /** Why something is not shown. */
  readonly notShown?: string;
}

/**
 * Lets the firewall make the rules of a planned change without loading them.
 * @returns undefined for a change that no rule follows from.
 */
export async function rulesDiff(
  box: Box,
  { tree, sha256 }: ConfigDocument,
  draft: Draft,
): Promise<RulesDiff | undefined> {
  if (!draft.steps.some(({ name }) => name === 'filter')) return undefined;
  const reason = whyNot(tree) ?? whyNot(draft.candidate.config);
  if (reason !== undefined) return { lines: [], refused: null, notShown: reason };
  try {
    // Each in a process of its own: pfSense's functions number their rules on from the last time.
    const before = await box.call(changeRules, { base: sha256, operations: [] });
    const { rules, refused } = await box.call(changeRules, { base: sha256, operations: [...draft.operations] });
    const translations = draft.operations.some(({ path }) => path[0] === 'nat');
    return {
      lines: changedLines(linesOf(before.rules), linesOf(rules)),
      refused,
      ...(translations ? { notShown: 'Translations: making them for a plan would touch running proxies.' } : {}),
    };
  } catch (error) {
    if (error instanceof PfsenseError && error.code === 'plan_stale') throw error;
    return { lines: [], refused: null, notShown: 'The firewall could not make the rules for the plan.' };
  }
}

/** What would make the mere making of rules change something on the firewall. */
function whyNot(config: ConfigTree): string | undefined {
  if (isTimeBased(config)) return 'Some rules follow a schedule: making them can end connections.';
  if (listAt(config, 'dnshaper/queue').length > 0) return 'There are limiters: making rules for them sets them up.';
  const packages = listAt(config, 'installedpackages/package');
  if (packages.some((one) => textAt(one, 'filter_rule_function') || treeAt(one, 'filter_rule_function')))
    return 'A package adds rules of its own: making them runs its code.';
  return undefined;
}

function linesOf(rules: string): string[] {
  return rules.split('\n').flatMap((line) => line.trim().replaceAll(/\s+/g, ' ') || []);
}
