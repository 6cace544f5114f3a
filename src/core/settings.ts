import { z } from 'zod';
import { COMPLEXITIES, EFFECTS } from './bounds.ts';

const fingerprint = z
  .string()
  .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'must look like SHA256:… as `ssh-keygen -lf` prints it');

/** One firewall: how to reach it and who to be there. */
export const FirewallSettings = z.strictObject({
  host: z.string().min(1).describe('Host name, address, or a Host alias of ~/.ssh/config'),
  port: z.int().min(1).max(65_535).optional().describe('SSH port; default 22 or what ~/.ssh/config says'),
  user: z.string().min(1).optional().describe('Login name; default root or what ~/.ssh/config says'),
  privateKey: z.string().optional().describe('Path of the private key file'),
  passphrase: z.string().optional().describe('Passphrase of the key; prefer passphraseCommand'),
  passphraseCommand: z.array(z.string()).min(1).optional().describe('Command whose output is the passphrase'),
  password: z.string().optional().describe('Login password; prefer passwordCommand or a key'),
  passwordCommand: z.array(z.string()).min(1).optional().describe('Command whose output is the password'),
  agentKey: fingerprint
    .optional()
    .describe('Fingerprint of the one agent key to offer; needed when the agent holds several'),
  hostKey: z
    .union([z.literal('known_hosts'), fingerprint])
    .optional()
    .describe('Pinned fingerprint, or known_hosts (default)'),
  knownHostsFile: z.string().optional().describe('Read this file instead of ~/.ssh/known_hosts'),
  sshConfig: z.boolean().optional().describe('Read ~/.ssh/config; default true'),
  sudo: z.boolean().optional().describe('Become root with `sudo -n`; for users other than root and admin'),
});
export type FirewallSettings = z.infer<typeof FirewallSettings>;

/** What a change is or touches. */
export const ChangeRule = z.strictObject({
  kind: z.string().optional().describe('Kind of change, such as nat_*; * matches any run of characters'),
  path: z
    .string()
    .regex(/^[^\s/]+(\/[^\s/]+)*$/, 'names joined by /, as in system/ssh')
    .optional()
    .describe('Place in config.xml below <pfsense>, with all below it, such as system/ssh or interfaces/*/ipaddr'),
  firewall: z.string().optional().describe('Firewall name; * matches any run of characters'),
});
export type ChangeRule = z.infer<typeof ChangeRule>;

export const PolicyRule = ChangeRule.extend({
  tool: z.string().optional().describe('Tool name; * matches any run of characters'),
});
export type PolicyRule = z.infer<typeof PolicyRule>;

/** A connection that no change may cut, besides the one to the firewall itself. */
export const FlowToKeep = z.strictObject({
  from: z.string().describe('Address that begins it'),
  to: z.string().describe('Address that it goes to'),
  port: z.int().min(1).max(65_535),
  protocol: z.enum(['tcp', 'udp']).default('tcp'),
  interface: z.string().describe('Key of the interface by which it comes in, such as lan'),
});
export type FlowToKeep = z.infer<typeof FlowToKeep>;

const CLOCK = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 22:30');

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

/** A stretch of the week, such as that in which maintenance is done. */
export const TimeWindow = z.strictObject({
  days: z
    .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
    .min(1)
    .optional()
    .describe('Default: all'),
  from: CLOCK,
  to: CLOCK.describe('Before `from`: on the next day'),
  timeZone: z
    .string()
    .refine(isTimeZone, 'must be a time zone such as Europe/Berlin')
    .optional()
    .describe('Default: that of this computer'),
});
export type TimeWindow = z.infer<typeof TimeWindow>;

/** Plans that a person approves beforehand. */
export const ApprovalRule = z.strictObject({
  kind: z.string().default('*').describe('Kinds of change; * matches any run of characters'),
  firewall: z.string().default('*').describe('Firewall name; * matches any run of characters'),
  during: TimeWindow.optional().describe('Only then; outside of it a person is asked'),
});
export type ApprovalRule = z.infer<typeof ApprovalRule>;
/** What firewalls are called. */
const Name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/);

/** The settings file. Flags beat environment beats this file. */
export const Settings = z.strictObject({
  $schema: z.string().optional(),
  firewalls: z.record(Name, FirewallSettings).default({}),
  configFile: z
    .string()
    .min(1)
    .optional()
    .describe('Answer from this config.xml, or folder of backups, and contact no firewall'),
  configFiles: z
    .record(Name, z.string().min(1))
    .default({})
    .describe('Further config.xml files, or folders of backups, each answering as a firewall of that name'),
  permissions: z.array(z.enum(EFFECTS)).default(['read']).describe('Exact set of allowed levels'),
  deny: z
    .array(PolicyRule)
    .default([])
    .describe(
      'Tools that are not offered even if their level is, and changes (kind, path) that are not made; deny wins',
    ),
  allow: z
    .array(ChangeRule)
    .optional()
    .describe('Changes that may be made, and no others; left out: all that the levels and deny leave'),
  keep: z.array(FlowToKeep).default([]).describe('Connections that no change may cut'),
  approve: z
    .array(ApprovalRule)
    .default([])
    .describe('Plans that need no further approval, as long as every change in them is named here'),
  changeUntested: z
    .boolean()
    .default(false)
    .describe('Allow changes of versions and editions of pfSense on which they were never tested'),
  maxChangesPerHour: z.int().min(0).default(10).describe('Plans that may be applied within an hour'),
  toolsets: z.array(z.string()).optional().describe('Toolsets to offer; default: all'),
  stateDir: z
    .string()
    .optional()
    .describe('Where A.L.A.N. and the audit log live; default $XDG_STATE_HOME/pfsense-mcp'),
  deadlinesMs: z
    .partialRecord(z.enum(COMPLEXITIES), z.int().min(50).max(600_000))
    .optional()
    .describe('Deadlines by class in milliseconds, instead of 5/10/15/60/120 s'),
  breaker: z
    .strictObject({
      failures: z.int().min(1).default(5).describe('Outages in the window that open the breaker'),
      windowMs: z.int().min(1_000).default(60_000),
      openMs: z.int().min(10).default(5_000).describe('First open time; doubles with each repeat'),
      maxOpenMs: z.int().min(10).default(300_000),
    })
    .prefault({}),
  healthIntervalMs: z.int().min(0).default(60_000).describe('Time between health probes; 0 turns them off'),
  retentionDays: z.int().min(1).default(30).describe('How long A.L.A.N. keeps single calls'),
  maxDatabaseMegabytes: z.int().min(1).default(100),
});
export type Settings = z.infer<typeof Settings>;
