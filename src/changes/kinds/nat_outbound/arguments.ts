import { z } from 'zod';
import { Endpoint } from '../endpoint.ts';
import { NatInterface } from '../nat/interfaces.ts';
import { Description, plainText } from '../text.ts';

const PROTOCOLS = [
  'any',
  'tcp',
  'udp',
  'tcp/udp',
  'icmp',
  'esp',
  'ah',
  'gre',
  'ipv6',
  'igmp',
  'sctp',
  'carp',
  'pfsync',
] as const;
const POOLS = [
  '',
  'round-robin',
  'round-robin sticky-address',
  'random',
  'random sticky-address',
  'source-hash',
  'bitmask',
] as const;

/** What an outbound rule can be given; every part may be absent in an update. */
export const outboundFields = {
  interface: NatInterface.describe('Interface that packets leave by'),
  family: z.enum(['inet', 'inet6', 'inet46']).describe('inet46: both'),
  protocol: z.enum(PROTOCOLS),
  source: Endpoint.omit({ not: true }),
  destination: Endpoint,
  target: plainText(64).trim().min(1).describe("New source: 'wanip', a virtual IP, an address, network or alias"),
  targetPort: z
    .union([z.int().min(1).max(65_535).transform(String), plainText(40).trim()])
    .describe("Port or range of the new source; '' for any"),
  poolOptions: z.enum(POOLS).describe('For several target addresses'),
  staticPort: z.boolean().describe('Keep the source port'),
  noTranslation: z.boolean().describe('Exempt these packets'),
  description: Description,
  disabled: z.boolean(),
  noConfigSync: z.boolean().describe('Keep it from the HA peer'),
};

export const OutboundChanges = z.strictObject(outboundFields).partial();
export type OutboundChanges = z.output<typeof OutboundChanges>;
