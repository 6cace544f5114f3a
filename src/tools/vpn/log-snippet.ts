import { z } from 'zod';
import { defineSnippet } from '../../pfsense/snippet.ts';

const Line = z.object({
  log: z.enum(['openvpn', 'ipsec']),
  /** `server1`, `client2`: which daemon wrote it, where the process still runs. */
  daemon: z.string().nullable(),
  text: z.string(),
  /** Seconds since the epoch. */
  at: z.int().nullable(),
});
export type VpnLogLine = z.output<typeof Line>;

/** Lines of the VPN logs, newest last, that concern a user, a daemon of OpenVPN, or hold one of the needles. */
export const vpnLog = defineSnippet({
  id: 'vpn/log',
  effect: 'read',
  complexity: 'config',
  input: z.strictObject({
    user: z.string(),
    needles: z.array(z.string()),
    daemons: z.array(z.string()),
    limit: z.int(),
  }),
  output: z.object({
    /** `begins` in seconds: the first line that was looked at. `isRead` false: no such file, or unreadable. */
    logs: z.array(z.object({ log: z.enum(['openvpn', 'ipsec']), isRead: z.boolean(), begins: z.int().nullable() })),
    lines: z.array(Line),
    now: z.int(),
  }),
});
export type VpnLog = z.output<(typeof vpnLog)['output']>;
