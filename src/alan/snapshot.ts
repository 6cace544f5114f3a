import { z } from 'zod';
import { outgoingValue } from '../core/outlet.ts';
import { own } from '../core/own.ts';

const states = z.record(z.string(), z.string());

/** What people compare before and after a change of version: names of things with their state. */
export const Snapshot = z.object({
  /** Milliseconds since the epoch, by our clock. */
  at: z.int(),
  version: z.string(),
  /** Each part by name; null: it could not be looked at then. */
  parts: z.object({
    interface: states.nullable(),
    gateway: states.nullable(),
    service: states.nullable(),
    package: states.nullable(),
    certificate: states.nullable(),
    /** The number of rules that pf had loaded. */
    rules: z.object({ loaded: z.string() }).nullable(),
  }),
});
export type Snapshot = z.output<typeof Snapshot>;
export type SnapshotPart = keyof Snapshot['parts'];

/**
 * A snapshot as it may be kept: without secrets. What stands for them tells two of them apart only within one process,
 * so that part is left out, and states of different days still compare.
 */
export function keepable(snapshot: Snapshot): Snapshot {
  const unkeyed = (text: string): string => text.replace(/‹([^‹›:]{1,40}):[0-9a-f]{6}›/g, '‹$1›');
  return Snapshot.parse(JSON.parse(unkeyed(JSON.stringify(outgoingValue(snapshot)))));
}

/** Which earlier state somebody means; a time stands for the newest at or before it, in milliseconds. */
export type SnapshotChoice = 'before-upgrade' | { readonly until: number };

/** Snapshots of one version and day are one: the newest. This many days of them are kept. */
const DAYS_KEPT = 35;
const DAY_MS = 86_400_000;

/** The one that is meant, if it is there. */
export function chooseSnapshot(
  snapshots: readonly Snapshot[],
  version: string,
  choice: SnapshotChoice,
): Snapshot | undefined {
  return snapshots.findLast((one) => (choice === 'before-upgrade' ? one.version !== version : one.at <= choice.until));
}

/** What is worth keeping, oldest first: the newest of each day for some weeks, and the last of every version before another. */
export function keptSnapshots(snapshots: readonly Snapshot[], now: number): Snapshot[] {
  const dayOf = ({ at }: Snapshot): number => Math.floor(at / DAY_MS);
  return snapshots.filter((one, index) => {
    const next = snapshots[index + 1];
    if (next === undefined || next.version !== one.version) return true;
    return dayOf(next) !== dayOf(one) && one.at > now - DAYS_KEPT * DAY_MS;
  });
}

/** One thing that is not as it was; null: it was not there, or is not any more. */
export interface Difference {
  readonly what: SnapshotPart;
  readonly name: string;
  readonly was: string | null;
  readonly is: string | null;
}

/** Parts in which everything that can be compared was, and what differs. */
export interface Comparison {
  readonly differences: Difference[];
  readonly notHeld: SnapshotPart[];
  readonly notSeenNow: SnapshotPart[];
}

/** What differs between two states of one firewall; parts that one of them lacks are named, never taken as empty. */
export function compareSnapshots(then: Snapshot, now: Snapshot): Comparison {
  const parts = Snapshot.shape.parts.keyof().options;
  const isMissing = (one: Snapshot) => (part: SnapshotPart) => one.parts[part] === null;
  return {
    differences: parts.flatMap((part) => differencesOf(part, then.parts[part], now.parts[part])),
    notHeld: parts.filter(isMissing(then)),
    notSeenNow: parts.filter(isMissing(now)),
  };
}

type States = Readonly<Record<string, string>> | null;

function differencesOf(what: SnapshotPart, then: States, now: States): Difference[] {
  if (then === null || now === null) return [];
  return [...new Set([...Object.keys(then), ...Object.keys(now)])].flatMap((name) => {
    const was = own(then, name) ?? null;
    const is = own(now, name) ?? null;
    return was === is ? [] : [{ what, name, was, is }];
  });
}
