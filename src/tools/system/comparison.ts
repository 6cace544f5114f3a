import { z } from 'zod';
import { chooseSnapshot, compareSnapshots, type Snapshot, type SnapshotChoice } from '../../alan/snapshot.ts';
import { PfsenseError } from '../../core/errors.ts';

export const compareWith = z
  .string()
  .max(40)
  .optional()
  .describe("'before-upgrade', or a date (2026-11-24): only what differs from then");

const part = z.enum(['interface', 'gateway', 'service', 'package', 'certificate', 'rules']);

/** What differs from an earlier state. */
export const ComparisonView = z.object({
  with: z.object({ at: z.string(), version: z.string() }),
  differences: z.array(
    z.object({ what: part, name: z.string(), was: z.string().nullable(), is: z.string().nullable() }),
  ),
  notCompared: z.array(z.string()).describe('Not held then, or not seen now'),
});

/** Kinds of things that no snapshot holds. */
const NEVER_HELD = ['VPN tunnels and clients', 'leases', 'states', 'routes learned'];

/** Answers from the snapshots that are kept; null with a note when none is meant. */
export function compareWithThen(
  wanted: string,
  { now, snapshots }: { readonly now: Snapshot; readonly snapshots: readonly Snapshot[] },
  note: (text: string) => void,
): z.output<typeof ComparisonView> | null {
  const then = chooseSnapshot(snapshots, now.version, readChoice(wanted));
  if (then === undefined) {
    const oldest = snapshots[0];
    note(
      oldest === undefined
        ? 'There is no earlier snapshot of this firewall: nothing can be compared. One is kept from now on.'
        : `There is no such snapshot; the oldest is of ${isoTime(oldest.at)} with version ${oldest.version}.`,
    );
    return null;
  }
  const { differences, notHeld, notSeenNow } = compareSnapshots(then, now);
  return {
    with: { at: isoTime(then.at), version: then.version },
    differences,
    notCompared: [...new Set([...notHeld, ...notSeenNow, ...NEVER_HELD])],
  };
}

/** A day stands for its end, in UTC. */
function readChoice(wanted: string): SnapshotChoice {
  if (wanted === 'before-upgrade') return wanted;
  const until = Date.parse(/^\d{4}-\d\d-\d\d$/.test(wanted) ? `${wanted}T23:59:59.999Z` : wanted);
  if (!Number.isNaN(until)) return { until };
  const hint = "'before-upgrade', 2026-11-24 or 2026-11-24T08:00Z.";
  throw new PfsenseError('bad_input', 'compareWith is no date.', { phase: 'input', hint });
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
