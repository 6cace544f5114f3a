import { z } from 'zod';

/** Id of a plan, and so of the folder that it has on the firewall. */
export const PlanId = z.string().regex(/^[0-9a-f]{32}$/);

/** A program that is laid into that folder. */
export const Program = z.strictObject({
  names: z.array(z.string()).readonly(),
  source: z.string(),
  sha256: z.string(),
});
