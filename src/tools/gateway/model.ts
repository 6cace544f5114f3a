import { z } from 'zod';

/** A gateway as the firewall reports it. */
export const Raw = z.object({
  name: z.string(),
  description: z.string(),
  interface: z.string(),
  family: z.enum(['ipv4', 'ipv6']),
  address: z.string().nullable(),
  isDynamic: z.boolean(),
  isDisabled: z.boolean(),
  isDefault: z.boolean(),
  isForcedDown: z.boolean(),
  isMonitored: z.boolean(),
  monitor: z.string().nullable(),
  status: z.string().nullable(),
  substatus: z.string().nullable(),
  delayMs: z.number().nullable(),
  deviationMs: z.number().nullable(),
  lossPercent: z.number().nullable(),
});

export const Group = z.object({
  name: z.string(),
  description: z.string(),
  trigger: z.string(),
  members: z.array(z.object({ gateway: z.string(), tier: z.int() })),
});
