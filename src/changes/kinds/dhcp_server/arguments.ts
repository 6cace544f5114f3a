import { z } from 'zod';
import { DomainOrNone, InterfaceKey, Ipv4, LeaseSeconds, SearchList } from '../dhcp_mapping/arguments.ts';
import { Description, plainText } from '../text.ts';

const Range = { from: Ipv4, to: Ipv4 };

/** Whole or partial MAC addresses, as `00:11:22`. */
const Macs = z
  .array(
    plainText(17).regex(/^[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){0,5}$/i, 'must be a MAC address or the beginning of one'),
  )
  .max(100);

export const ServerChanges = z.strictObject({
  interface: InterfaceKey,
  enabled: z.boolean().optional(),
  range: z.strictObject(Range).describe('Addresses to hand out').optional(),
  pools: z
    .array(z.strictObject({ ...Range, description: Description.optional() }))
    .max(50)
    .describe('Further ranges, all of them; one that begins as before keeps its own settings')
    .optional(),
  denyUnknown: z
    .enum(['disabled', 'enabled', 'class'])
    .describe('Serve clients with a static mapping alone: on any interface (enabled), on this one (class)')
    .optional(),
  gateway: z
    .union([z.enum(['', 'none']), Ipv4])
    .describe("'' is the firewall itself")
    .optional(),
  dnsServers: z.array(Ipv4).max(4).describe('None is the firewall itself, or what it asks').optional(),
  winsServers: z.array(Ipv4).max(2).optional(),
  ntpServers: z.array(plainText(253)).max(4).optional(),
  domain: DomainOrNone.optional(),
  domainSearch: SearchList.optional(),
  defaultLeaseSeconds: LeaseSeconds.optional(),
  maxLeaseSeconds: LeaseSeconds.optional(),
  macAllow: Macs.describe('Serve these alone').optional(),
  macDeny: Macs.optional(),
  ignoreBootp: z.boolean().optional(),
  ignoreClientIds: z.boolean().optional(),
  ignoreDenied: z.boolean().describe('Say nothing to denied clients').optional(),
  staticArp: z.boolean().describe('Only hosts with a static mapping can talk to the firewall at all').optional(),
});
export type ServerChanges = z.output<typeof ServerChanges>;
