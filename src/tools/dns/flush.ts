import { z } from 'zod';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { defineTool } from '../tool.ts';

const dnsFlush = defineSnippet({
  id: 'dns/flush',
  effect: 'service',
  complexity: 'interface',
  input: z.strictObject({ name: z.string().nullable(), isDomain: z.boolean() }),
  output: z.object({
    service: z.enum(['resolver', 'forwarder']),
    removed: z.int().nullable(),
    left: z.int().nullable(),
  }),
});

export default defineTool({
  name: 'pf_dns_flush',
  title: 'Flush the DNS cache',
  description:
    'Makes the DNS resolver forget cached answers: all, or those of one name. The forwarder can only forget all.',
  toolset: 'action',
  effect: 'service',
  complexity: 'interface',
  isOpenWorld: false,
  input: z.strictObject({
    name: z
      .string()
      .max(253)
      .regex(
        /^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*\.?$/,
        'a host name',
      )
      .optional()
      .describe('Without it: everything'),
    below: z.boolean().optional().describe('All names below it as well'),
  }),
  output: z.object({
    service: z.enum(['resolver', 'forwarder']),
    removed: z.int().nullable().describe('Answers forgotten; null: it does not say'),
    left: z.int().nullable().describe('Records of it in the cache afterwards; new questions bring new ones'),
  }),
  run: ({ name, below = false }, { box }) => box.call(dnsFlush, { name: name ?? null, isDomain: below }),
});
