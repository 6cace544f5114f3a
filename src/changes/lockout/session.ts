import { z } from 'zod';
import { defineSnippet } from '../../pfsense/snippet.ts';

export const changeSession = defineSnippet({
  id: 'change/session',
  effect: 'read',
  complexity: 'interface',
  /** Addresses besides that of the session which tables are asked about. */
  input: z.strictObject({ addresses: z.array(z.string()).max(20) }),
  output: z.object({
    connection: z
      .object({ client: z.string(), clientPort: z.int(), server: z.string(), serverPort: z.int() })
      .nullable(),
    /** Whose login it is, also behind sudo. */
    user: z.string().nullish(),
    replyDevice: z.string().nullable(),
    devices: z.record(z.string(), z.string()),
    addresses: z.record(z.string(), z.array(z.string())),
    /** null: pf did not list them. */
    tables: z.array(z.string()).nullable(),
    tests: z
      .record(z.string(), z.record(z.string(), z.boolean()))
      .or(z.array(z.never()).transform((): Record<string, Record<string, boolean>> => ({}))),
    /** Whether rules were saved that are not in force yet: then those that let us in are not known. */
    hasPending: z.boolean(),
    localTime: z.string(),
  }),
});

/** The way by which this session reached the firewall, as the firewall sees it. */
export type SessionFacts = z.output<typeof changeSession.output>;
