import { z } from 'zod';
import { Endpoint } from '../endpoint.ts';
import { NatInterface } from '../nat/interfaces.ts';
import { Description, plainText } from '../text.ts';

const End = Endpoint.omit({ port: true });

/** What a 1:1 rule can be given; every part may be absent in an update. */
export const oneToOneFields = {
  interface: NatInterface,
  family: z.enum(['inet', 'inet6']),
  external: plainText(64).trim().min(1).describe("First address outside, or 'wanip'"),
  source: End.describe('Addresses inside'),
  destination: End.describe('Only packets to or from these'),
  reflection: z.enum(['default', 'enable', 'disable']).describe('For clients inside'),
  noTranslation: z.boolean().describe('Exempt these addresses'),
  description: Description,
  disabled: z.boolean(),
};

export const OneToOneChanges = z.strictObject(oneToOneFields).partial();
export type OneToOneChanges = z.output<typeof OneToOneChanges>;
