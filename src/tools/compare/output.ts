import { z } from 'zod';

/** Something that firewalls have in common, and those that have it otherwise. */
export const Deviation = z.object({
  what: z.string().describe('version, configVersion, package NAME, section NAME'),
  usual: z.string().describe('What the others, or the baseline, have'),
  count: z.int(),
  firewalls: z.array(z.object({ firewall: z.string(), found: z.string() })),
});
export type Deviation = z.output<typeof Deviation>;

/** Objects of a section that one firewall has otherwise than the baseline. */
export const Difference = z.object({
  firewall: z.string(),
  section: z.string(),
  copied: z.boolean().nullable().optional().describe('Pair: whether the sync copies it; null: pfSense never does'),
  objects: z.int(),
  changes: z.array(z.string()).describe('From the baseline to this firewall; name a section to see all'),
});
export type Difference = z.output<typeof Difference>;

const Pair = z.object({
  sender: z.string().nullable().describe('The node that copies its configuration to the other'),
  states: z.record(z.string(), z.string()).describe('CARP states by node'),
  failover: z.enum(['yes', 'no', 'unknown']).describe('Would the other node take over'),
  because: z.array(z.string()),
  warnings: z.array(z.string()),
});
export type Pair = z.output<typeof Pair>;

/** Exceptions only: what is not mentioned is alike. */
export const Comparison = z.object({
  asked: z.int(),
  compared: z.int(),
  deviating: z.int().describe('Firewalls that deviate in anything'),
  baseline: z.string().describe('majority, or the firewall that the others are compared with'),
  couldNotLook: z.array(z.object({ firewall: z.string(), code: z.string(), reason: z.string() })),
  pair: Pair.optional(),
  deviations: z.array(Deviation),
  differences: z.array(Difference),
  noMajority: z
    .array(z.object({ what: z.string(), variants: z.int() }))
    .optional()
    .describe('Different nearly everywhere, so nobody deviates'),
});
export type Comparison = z.output<typeof Comparison>;
