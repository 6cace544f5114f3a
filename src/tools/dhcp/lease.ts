import { z } from 'zod';
import { canonicalAddress } from '../../config/address.ts';

export const BACKENDS = ['kea', 'isc'] as const;

/** What one of the DHCP servers knows of an address. Times in seconds since the epoch. */
export interface Lease {
  readonly address: string;
  readonly backend: (typeof BACKENDS)[number];
  readonly state: z.output<typeof LeaseState>;
  readonly mac: string | null;
  readonly hostname: string;
  readonly startsAt: number | null;
  /** null: never. */
  readonly endsAt: number | null;
}

export const LeaseState = z.enum([
  'active',
  'expired',
  'declined',
  'released',
  'free',
  'abandoned',
  'backup',
  'reserved',
]);

/** Kea writes these numbers; a row that ran out keeps state 0 until the server reclaims it. */
const KEA_STATES = ['active', 'declined', 'expired', 'released'] as const;

/**
 * The lease that a row of Kea's file says, by the names of its header line; undefined for a row that says that the
 * lease was deleted, and for one that cannot be read.
 */
export function keaLease(header: string, row: string, now: number): Lease | undefined {
  const names = header.split(',');
  const cells = row.split(',');
  const cell = (name: string): string => unescapeKea(cells[names.indexOf(name)] ?? '');
  const [expire, lifetime] = [Number(cell('expire')), Number(cell('valid_lifetime'))];
  if (cell('address') === '' || !Number.isFinite(expire) || lifetime === 0) return undefined;
  // Kea's word for infinity is the largest number of 32 bits.
  const isEndless = lifetime === 0xffffffff;
  const said = KEA_STATES[Number(cell('state'))] ?? 'active';
  return {
    address: canonicalAddress(cell('address')),
    backend: 'kea',
    state: said === 'active' && !isEndless && expire <= now ? 'expired' : said,
    mac: cell('hwaddr') || null,
    hostname: cell('hostname').replace(/\.$/, ''),
    startsAt: isEndless ? null : expire - lifetime,
    endsAt: isEndless ? null : expire,
  };
}

/** Kea writes a comma within a value as `&#x2c`. */
function unescapeKea(text: string): string {
  return text.replace(/&#x([0-9a-f]{2});?/gi, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The lease that a block of ISC's file says: its address on the first line, then statements. */
export function iscLease(block: string, now: number): Lease {
  const [address = '', ...statements] = block.split('\n');
  const find = (expression: RegExp): string | undefined =>
    statements.map((statement) => expression.exec(statement)?.[1]).find((value) => value !== undefined);
  const state = LeaseState.safeParse(find(/^binding state (\w+);/)).data ?? 'free';
  const ends = find(/^ends (.+?);/);
  const endsAt = ends === undefined ? null : iscTime(ends);
  return {
    address: canonicalAddress(address.split('/')[0] ?? ''),
    backend: 'isc',
    state: state === 'active' && endsAt !== null && endsAt <= now ? 'expired' : state,
    mac: find(/^hardware ethernet ([0-9a-f:]+);/) ?? null,
    hostname: find(/^client-hostname "(.*)";/) ?? '',
    startsAt: iscTime(find(/^starts (.+?);/) ?? find(/^cltt (.+?);/) ?? ''),
    endsAt,
  };
}

/** `2 2026/11/24 10:00:00` in UTC, or `epoch 1795000000`; null for `never` and for what cannot be read. */
function iscTime(text: string): number | null {
  const epoch = /^epoch (\d+)/.exec(text)?.[1];
  if (epoch !== undefined) return Number(epoch);
  const date = /^\d (\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)/.exec(text)?.slice(1).map(Number);
  if (!date) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = date;
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}
