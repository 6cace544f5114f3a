import { z } from 'zod';
import { Service } from '../dns/service.ts';
import { isDomainName } from '../host-names.ts';
import { Description, plainText } from '../text.ts';

export const Server = plainText(70)
  .min(1)
  .describe("Server to ask: an address; resolver also address@port; forwarder also '#' (ask as usual) or '!' (never)");

export const DomainName = z.strictObject({
  service: Service,
  domain: plainText(253).refine(isDomainName, 'must be a domain'),
});
export type DomainName = z.output<typeof DomainName>;

export const DomainContent = z.strictObject({
  description: Description,
  tls: z.boolean().describe('Resolver: ask by TLS'),
  tlsHostname: plainText(253).describe("Resolver: the name that the server's certificate has to show"),
  sourceAddress: plainText(60).describe('Forwarder: an address of this firewall to ask from'),
});
export type DomainContent = Partial<z.output<typeof DomainContent>>;
