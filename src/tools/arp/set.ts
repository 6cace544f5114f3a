import { z } from 'zod';
import { isAddress } from '../../config/address.ts';
import { PfsenseError } from '../../core/errors.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { defineTool } from '../tool.ts';

const Entry = z.object({ mac: z.string().nullable(), device: z.string(), isPermanent: z.boolean() }).nullable();

const arpSet = defineSnippet({
  id: 'arp/set',
  effect: 'service',
  complexity: 'interface',
  input: z.strictObject({ address: z.string(), mac: z.string().nullable(), isTemporary: z.boolean() }),
  output: z.object({ before: Entry, after: Entry }),
});

export default defineTool({
  name: 'pf_arp_set',
  title: 'ARP entry',
  description:
    'Deletes the ARP entry of an address, or sets it when mac is given, and reads it back. Not in the configuration: gone at the next boot.',
  toolset: 'action',
  effect: 'service',
  complexity: 'interface',
  isOpenWorld: true,
  input: z.strictObject({
    address: z.string().max(15).describe('IPv4'),
    mac: z
      .string()
      .regex(/^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$/, 'six pairs of hexadecimal digits with colons')
      .optional(),
    temporary: z.boolean().optional().describe('Let it expire like a learned one'),
  }),
  output: z.object({ address: z.string(), before: Entry, after: Entry }),
  async run({ address, mac, temporary = false }, { box }) {
    if (!isAddress(address) || address.includes(':'))
      throw new PfsenseError('bad_input', 'address: only IPv4 addresses have ARP entries.', { phase: 'input' });
    const { before, after } = await box.call(arpSet, { address, mac: mac ?? null, isTemporary: temporary });
    return { address, before, after };
  },
});
