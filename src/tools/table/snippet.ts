import { z } from 'zod';
import { defineSnippet } from '../../pfsense/snippet.ts';

const Holding = z.object({
  table: z.string(),
  /** The entry that covers the address; null: not looked up, as in a very large table. */
  entry: z.string().nullable(),
  /** Seconds since the epoch. */
  since: z.int().nullable(),
  /** Whether a loaded rule blocks by this table; null: the rules could not be read. */
  isBlocked: z.boolean().nullable(),
  /** Type of the alias of that name. */
  alias: z.string().nullable(),
});
export type Holding = z.output<typeof Holding>;

export const HoldingFacts = z.object({
  /** null: pf did not list its tables. */
  holding: z.array(Holding).nullable(),
  /** Tables that were not asked, for lack of time or because there are too many. */
  untested: z.int(),
  /** The last block of that address that sshguard logged. `at` in seconds since the epoch. */
  sshguard: z.object({ at: z.int().nullable(), seconds: z.int(), attacks: z.int() }).nullable(),
});
export type HoldingFacts = z.output<typeof HoldingFacts>;

/** Which of pf's tables hold an address. */
export const tableHolding = defineSnippet({
  id: 'table/holding',
  effect: 'read',
  complexity: 'firewall',
  input: z.strictObject({ address: z.string() }),
  output: HoldingFacts,
});
