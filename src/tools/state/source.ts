import { z } from 'zod';
import { defineSnippet } from '../../pfsense/snippet.ts';

const Both = z.object({ sent: z.int(), received: z.int() });

const State = z.object({
  device: z.string(),
  interface: z.string(),
  direction: z.enum(['in', 'out']),
  protocol: z.string(),
  source: z.string(),
  sourceBefore: z.string().nullable(),
  destination: z.string(),
  destinationBefore: z.string().nullable(),
  status: z.string(),
  /** Seconds. */
  age: z.int().nullable(),
  expires: z.int().nullable(),
  packets: Both.nullable(),
  bytes: Both.nullable(),
  rule: z.object({ tracker: z.string().nullable(), description: z.string() }).nullable(),
  gateway: z.string().nullable(),
  id: z.string().nullable(),
});
export type State = z.output<typeof State>;

export const TOPS = ['bytes', 'packets', 'sources', 'destinations'] as const;

export const stateSearch = defineSnippet({
  id: 'state/search',
  effect: 'read',
  complexity: 'config',
  input: z.strictObject({
    /** First address of a network, and the length of its prefix; empty: any. */
    network: z.string(),
    length: z.int(),
    port: z.string(),
    protocol: z.string(),
    interface: z.string(),
    tracker: z.string(),
    status: z.string(),
    top: z.enum(['', ...TOPS]),
    limit: z.int(),
    skip: z.int(),
  }),
  output: z.object({
    current: z.int().nullable(),
    limit: z.int().nullable(),
    isRead: z.boolean(),
    /** Whether pf named its rules. */
    hasRules: z.boolean(),
    isComplete: z.boolean(),
    isKnownInterface: z.boolean(),
    scanned: z.int(),
    matched: z.int(),
    states: z.array(State),
    talkers: z.array(z.object({ address: z.string(), states: z.int(), packets: z.int(), bytes: z.int() })),
    talkerCount: z.int(),
  }),
});
