import { z } from 'zod';
import { isServerAddress, Service } from '../dns/service.ts';
import { isDomainName, isHostName, isPlainHostName } from '../host-names.ts';
import { Description, plainText } from '../text.ts';

const Host = plainText(63)
  .refine(
    (text) => text === '' || (isHostName(text) && isPlainHostName(text)),
    'must be a host name without its domain',
  )
  .describe("Name without its domain; '' for the domain itself");

export const Domain = plainText(253).refine(isDomainName, 'must be a domain');

const Address = plainText(60).refine(isServerAddress, 'must be an IPv4 or IPv6 address');

/** What an override is called by. */
export const HostName = z.strictObject({ service: Service, host: Host, domain: Domain });
export type HostName = z.output<typeof HostName>;

/** What an override says. */
export const HostContent = z.strictObject({
  addresses: z.array(Address).min(1).max(20).describe('One for the forwarder'),
  description: Description,
  aliases: z
    .array(z.strictObject({ host: Host, domain: Domain, description: Description.default('') }))
    .max(100)
    .describe('Other names of the same host; all of them'),
});
export type HostContent = Partial<z.output<typeof HostContent>>;

export const OneAddress = Address.describe('One of its addresses, where several overrides have the same name');
