import { z } from 'zod';
import { isDomainName, isHostName, isPlainHostName } from '../host-names.ts';
import { isIpv4 } from '../static-ipv4.ts';
import { Description, plainText } from '../text.ts';

export const InterfaceKey = plainText(30)
  .regex(/^\w+$/)
  .describe('Key of an interface with a fixed IPv4 address, as `lan`');

export const Ipv4 = plainText(15).refine(isIpv4, 'must be an IPv4 address');

export const Mac = plainText(17)
  .transform((text) => text.trim().toLowerCase().replaceAll('-', ':'))
  .refine((text) => /^[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}$/.test(text), 'must be a MAC address');

export const LeaseSeconds = z
  .union([z.literal(0), z.int().min(60).max(4_294_967_295)])
  .describe('At least 60; 0 takes the setting away');

export const DomainOrNone = plainText(253).refine(
  (text) => text === '' || (isDomainName(text) && !text.endsWith('.')),
  'must be a domain without a dot at its end',
);

export const SearchList = z.array(plainText(253).refine(isDomainName, 'must be a domain')).max(20);

/** What a mapping says; an empty text takes a setting away, so that the one of the interface counts. */
export const MappingContent = z.strictObject({
  ip: z.union([z.literal(''), Ipv4]).describe("Address outside the pools; '' leaves the choice to the server"),
  clientId: plainText(255)
    .regex(/^[^"\\;{}]*$/, 'must have no quotes, backslashes, semicolons and braces')
    .describe('Client identifier, beside or instead of the MAC address'),
  hostname: plainText(63).refine(
    (text) => text === '' || (isHostName(text) && isPlainHostName(text)),
    'must be a host name without its domain',
  ),
  description: Description,
  staticArp: z.boolean().describe('Fix the pair of MAC and IP address in the ARP table of the firewall'),
  gateway: z.union([z.literal(''), Ipv4]),
  dnsServers: z.array(Ipv4).max(4),
  winsServers: z.array(Ipv4).max(2),
  ntpServers: z.array(plainText(253)).max(3),
  domain: DomainOrNone,
  domainSearch: SearchList,
  defaultLeaseSeconds: LeaseSeconds,
  maxLeaseSeconds: LeaseSeconds,
});
export type MappingContent = Partial<z.output<typeof MappingContent>>;

export const MappingId = plainText(255)
  .min(1)
  .describe('MAC address, client identifier or IP address of the mapping, from pf_dhcp_list');
