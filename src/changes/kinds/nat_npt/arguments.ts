import { z } from 'zod';
import { NatInterface } from '../nat/interfaces.ts';
import { Description, plainText } from '../text.ts';

const Prefix = plainText(64).trim().min(1);

/** What an NPt rule can be given; every part may be absent in an update. */
export const nptFields = {
  interface: NatInterface,
  source: Prefix.describe('IPv6 prefix inside, such as fd00:1::/64'),
  destination: Prefix.describe('Prefix outside, of the same length'),
  description: Description,
  disabled: z.boolean(),
};

export const NptChanges = z.strictObject(nptFields).partial();
export type NptChanges = z.output<typeof NptChanges>;
