import { z } from 'zod';
import { Endpoint } from '../endpoint.ts';
import { Description, plainText } from '../text.ts';

export const PROTOCOLS = [
  'any',
  'tcp',
  'udp',
  'tcp/udp',
  'icmp',
  'esp',
  'ah',
  'gre',
  'etherip',
  'ipv6',
  'igmp',
  'pim',
  'ospf',
  'sctp',
  'carp',
  'pfsync',
] as const;

const TCP_FLAGS = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr'] as const;
const DSCP = ['af11', 'af12', 'af13', 'af21', 'af22', 'af23', 'af31', 'af32', 'af33', 'af41', 'af42', 'af43'] as const;
const MORE_DSCP = ['VA', 'EF', 'cs1', 'cs2', 'cs3', 'cs4', 'cs5', 'cs6', 'cs7', '0x01', '0x02', '0x04'] as const;
const VLAN_PRIORITIES = ['bk', 'be', 'ee', 'ca', 'vi', 'vo', 'ic', 'nc'] as const;

const Count = z.int().min(1).max(4_294_967_295).nullable();
const Name = plainText(64);
const flags = z.array(z.enum(TCP_FLAGS)).max(TCP_FLAGS.length);

/** What the page hides behind "Display Advanced". */
export const Advanced = z.strictObject({
  os: Name.optional().describe("Operating system of the source, tcp only; '' for any"),
  dscp: z
    .enum(['', ...DSCP, ...MORE_DSCP])
    .optional()
    .describe("'' for any"),
  tag: Name.optional().describe('Mark packets with this'),
  tagged: Name.optional().describe('Only packets marked with this'),
  notTagged: z.boolean().optional().describe('All but those that `tagged` names'),
  tcpFlags: z
    .union([z.literal('any'), z.literal('default'), z.strictObject({ set: flags, outOf: flags })])
    .optional()
    .describe('Flags that have to be set, out of which'),
  stateType: z.enum(['keep state', 'sloppy state', 'synproxy state', 'none']).optional(),
  statePolicy: z.enum(['', 'if-bound', 'floating']).optional().describe("Since 2.8; '' for the system's"),
  stateTimeout: Count.optional().describe('Seconds; null for the default'),
  maxStates: Count.optional(),
  maxSourceNodes: Count.optional().describe('Most source hosts'),
  maxSourceConnections: Count.optional().describe('Per source host, tcp only'),
  maxSourceStates: Count.optional().describe('Per source host'),
  connectionRate: z
    .strictObject({ connections: z.int().min(1), seconds: z.int().min(1) })
    .nullable()
    .optional()
    .describe('Most new connections per host and time, tcp only'),
  allowOptions: z.boolean().optional().describe('Let packets with IP options pass'),
  noReplyTo: z.boolean().optional(),
  noStateSync: z.boolean().optional().describe('Keep states from pfsync'),
  noConfigSync: z.boolean().optional().describe('Keep the rule from the HA peer'),
  vlanPriority: z.enum(['', ...VLAN_PRIORITIES]).optional(),
  setVlanPriority: z.enum(['', ...VLAN_PRIORITIES]).optional(),
  queue: Name.optional(),
  ackQueue: Name.optional(),
  limiterIn: Name.optional(),
  limiterOut: Name.optional(),
});
export type Advanced = z.output<typeof Advanced>;

/** What a rule can be given; every part may be absent in an update. */
export const ruleFields = {
  type: z.enum(['pass', 'block', 'reject', 'match']).describe('match: floating rules only'),
  family: z.enum(['inet', 'inet6', 'inet46']),
  protocol: z.enum(PROTOCOLS),
  icmpTypes: z.array(plainText(20)).max(40).describe('Such as echoreq; empty for all'),
  source: Endpoint,
  destination: Endpoint,
  description: Description,
  disabled: z.boolean(),
  log: z.boolean(),
  gateway: Name.describe("Gateway or group; '' for the routing table"),
  schedule: Name.describe("'' for always"),
  advanced: Advanced,
};

export const Floating = z.strictObject({
  interfaces: z.array(plainText(32)).max(200).describe('Empty for all'),
  direction: z.enum(['any', 'in', 'out']),
  quick: z.boolean().describe('Decides at once; otherwise the last match does'),
});

export type Floating = z.output<typeof Floating>;

export const RuleChanges = z.strictObject(ruleFields).partial();
export type RuleChanges = z.output<typeof RuleChanges>;
