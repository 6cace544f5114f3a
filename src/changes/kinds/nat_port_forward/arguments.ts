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
  'pim',
  'ospf',
  'sctp',
] as const;

/** What a port forward can be given; every part may be absent in an update. */
export const forwardFields = {
  interface: NatInterface,
  family: z.enum(['inet', 'inet6']),
  protocol: z.enum(PROTOCOLS),
  source: Endpoint,
  destination: Endpoint.describe("Where packets are addressed to; 'wanip' is the address of WAN"),
  target: plainText(64).trim().min(1).describe("Address, alias of a host, or 'lanip': where they go instead"),
  targetPort: z
    .union([z.int().min(1).max(65_535).transform(String), plainText(40).trim().min(1)])
    .describe('First port there, or port alias'),
  description: Description,
  filterRule: z
    .enum(['linked', 'pass', 'none'])
    .describe('linked: a filter rule that follows the forward; pass: let through without one; none: neither'),
  reflection: z.enum(['default', 'enable', 'purenat', 'disable']).describe('For clients inside'),
  noRedirect: z.boolean().describe('Exempt these packets from forwards below'),
  noConfigSync: z.boolean().describe('Keep it from the HA peer'),
  disabled: z.boolean(),
};

export const ForwardChanges = z.strictObject(forwardFields).partial();
export type ForwardChanges = z.output<typeof ForwardChanges>;
