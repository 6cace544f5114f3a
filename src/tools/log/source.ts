import { z } from 'zod';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { readLogLine } from './line.ts';

const Reply = z.object({
  isKnown: z.boolean(),
  isKnownInterface: z.boolean(),
  /** The logs that were searched; those the firewall has when the one asked for is unknown. */
  logs: z.array(z.string()),
  lines: z.array(z.object({ log: z.string(), text: z.string(), at: z.string().nullable() })),
  matched: z.int(),
  filesRead: z.int(),
  filesKnown: z.int(),
  unreadable: z.array(z.string()),
  oldest: z.string().nullable(),
  now: z.string(),
  timezone: z.string(),
  /** Whether pf named the rules that pfSense adds itself. */
  hasPf: z.boolean(),
  /** By tracker. `changed` in seconds since the epoch. */
  rules: z.record(
    z.string(),
    z.object({ description: z.string(), changed: z.int().nullable(), isConfigured: z.boolean() }),
  ),
  /** Device to description. */
  interfaces: z.record(z.string(), z.string()),
  rulesLoadedAt: z.string().nullable(),
});
export type LogReply = z.output<typeof Reply>;

export const logSearch = defineSnippet({
  id: 'log/search',
  effect: 'read',
  complexity: 'config',
  input: z.strictObject({
    log: z.string(),
    text: z.string(),
    limit: z.int(),
    skip: z.int(),
    network: z.string(),
    length: z.int(),
    port: z.string(),
    interface: z.string(),
    action: z.string(),
    tracker: z.string(),
  }),
  output: Reply,
});

/** What a process wrote, without what syslog put before it. */
export function messageOf(text: string): string {
  return readLogLine(text).message;
}
