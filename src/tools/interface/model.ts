import { z } from 'zod';

const Address = z.object({ address: z.string(), prefix: z.int().nullable(), assignedBy: z.string() });
const count = z.int().nullable();

export const Counters = z.object({
  inBytes: count,
  outBytes: count,
  inPackets: count,
  outPackets: count,
  inErrors: count,
  outErrors: count,
  collisions: count,
  inBlockedPackets: count,
  outBlockedPackets: count,
});

/** An assigned interface. */
export const Interface = z.object({
  id: z.string(),
  description: z.string(),
  device: z.string(),
  hardware: z.string(),
  enabled: z.boolean(),
  status: z.string(),
  media: z.string().nullable(),
  mac: z.string().nullable(),
  mtu: z.int().nullable(),
  ipv4: Address.nullable(),
  ipv6: Address.nullable(),
  gateway: z.string().nullable(),
  vlan: z.object({ parent: z.string(), tag: z.int() }).nullable(),
  groups: z.array(z.string()),
  counters: Counters,
});
