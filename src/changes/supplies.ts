import { z } from 'zod';
import type { ConfigTree } from '../config/model.ts';
import { PfsenseError } from '../core/errors.ts';
import { type Box, liveOf } from '../pfsense/box.ts';
import { defineSnippet } from '../pfsense/snippet.ts';
import type { ChangeRequest } from './candidate.ts';
import type { ChangeKind, Occasion } from './kind.ts';

/** Something that a kind has to know and that stands in no configuration in force; it is fetched before kinds apply. */
export type Need = 'accounts' | { readonly revision: string };

/** Names that the firewall itself knows: what may be granted, and what belongs to its operating system. */
export interface AccountNames {
  readonly privileges: readonly string[];
  /** Of the operating system, those that pfSense made for its own users among them. */
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

/** What was fetched. */
export interface Supplies {
  readonly accounts?: AccountNames;
  /** Earlier configurations by their numbers, secrets included. */
  readonly revisions?: ReadonlyMap<string, ConfigTree>;
}

/** Each is a whole configuration that is read and held. */
const MAX_REVISIONS = 3;

export const userNames = defineSnippet({
  id: 'user/names',
  effect: 'read',
  complexity: 'simple',
  input: z.strictObject({}),
  output: z.object({
    privileges: z.array(z.string()),
    users: z.array(z.string()),
    groups: z.array(z.string()),
  }),
});

/** Fetches what the kinds of these changes need. */
export async function suppliesFor(
  box: Box,
  changes: readonly ChangeRequest[],
  kinds: readonly ChangeKind[],
): Promise<Supplies> {
  const needs = changes.flatMap((change) => needsOf(change, kinds));
  const wanted = new Set(needs.flatMap((need) => (need === 'accounts' ? [] : [need.revision])));
  return {
    ...(needs.includes('accounts') ? { accounts: await box.call(userNames, {}) } : {}),
    ...(wanted.size > 0 ? { revisions: await revisionsOf(box, wanted) } : {}),
  };
}

async function revisionsOf(box: Box, wanted: ReadonlySet<string>): Promise<Map<string, ConfigTree>> {
  if (wanted.size > MAX_REVISIONS)
    throw new PfsenseError('bad_input', `revision: a plan takes from ${MAX_REVISIONS} revisions at most.`, {
      phase: 'input',
      hint: 'Make several plans.',
    });
  const found = new Map<string, ConfigTree>();
  for (const revision of wanted) found.set(revision, await liveOf(box).readRevision(revision));
  return found;
}

/** Arguments that a schema refuses need nothing: working the change out says what is wrong with them. */
function needsOf({ kind: id, args }: ChangeRequest, kinds: readonly ChangeKind[]): readonly Need[] {
  const kind = kinds.find((one) => one.id === id);
  const parsed = kind?.needs && kind.input.safeParse(args);
  return parsed?.success ? (kind?.needs?.(parsed.data as never) ?? []) : [];
}

/** @throws PfsenseError `unsupported` where nobody asked the firewall. */
export function accountNames({ supplies }: Occasion): AccountNames {
  if (supplies?.accounts) return supplies.accounts;
  throw new PfsenseError('unsupported', 'Only a live firewall can say which accounts and privileges it knows.', {
    phase: 'run',
  });
}

/** @throws PfsenseError `unsupported` where nobody asked the firewall. */
export function revisionTree({ supplies }: Occasion, revision: string): ConfigTree {
  const tree = supplies?.revisions?.get(revision);
  if (tree !== undefined) return tree;
  throw new PfsenseError('unsupported', 'Only a live firewall has its earlier configurations.', { phase: 'run' });
}
