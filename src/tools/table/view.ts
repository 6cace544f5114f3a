import { z } from 'zod';
import { ownerOf } from './owner.ts';
import type { HoldingFacts } from './snippet.ts';

export const HeldRow = z.object({
  table: z.string(),
  owner: z.string(),
  blocks: z.boolean().nullable().describe('A loaded rule blocks by this table'),
  entry: z.string().nullable(),
  since: z.string().nullable(),
  release: z.string().optional().describe('How to free the address; nothing is changed here'),
});
export type HeldRow = z.output<typeof HeldRow>;

/** Tables that hold the address: those that block come first, and only they say how to get out. null: could not look. */
export function heldRows({ holding, sshguard }: HoldingFacts): HeldRow[] | null {
  const rows = holding?.map((row): HeldRow => {
    const { owner, release } = ownerOf(row.table, row.alias);
    const since = (row.table === 'sshguard' ? sshguard?.at : null) ?? row.since;
    return {
      table: row.table,
      owner,
      blocks: row.isBlocked,
      entry: row.entry,
      since: since === null ? null : new Date(since * 1000).toISOString(),
      ...(row.isBlocked === false ? {} : { release }),
    };
  });
  return rows?.toSorted((a, b) => Number(b.blocks) - Number(a.blocks)) ?? null;
}
