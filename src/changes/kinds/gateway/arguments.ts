import { z } from 'zod';
import { Description, plainText } from '../text.ts';

export const GatewayName = plainText(40).min(1).describe('Name of a gateway, from pf_gateway_status');

const Threshold = z.int().min(1).max(1_000_000).nullable();

/** What a gateway can be given besides its name; every part may be absent in an update. */
export const gatewayFields = {
  interface: plainText(32).min(1).describe('Key of the interface by which it is reached, such as wan'),
  address: plainText(64)
    .trim()
    .min(1)
    .describe("Its IP address, or 'dynamic' where the interface gets it by DHCP and the like"),
  description: Description,
  disabled: z.boolean(),
  monitor: plainText(64).trim().nullable().describe('IP address to measure instead of its own; null: its own'),
  monitoring: z.boolean().describe('false: it counts as up, and nothing is measured'),
  monitorAction: z.boolean().describe('false: nothing is done when it goes down'),
  monitorRoute: z.boolean().describe('false: no host route to the monitor address'),
  forceDown: z.boolean(),
  nonLocal: z.boolean().describe('Its address lies outside of the networks of the interface'),
  killStates: z.enum(['default', 'none', 'down']).describe('Which states are killed when it goes down'),
  weight: z.int().min(1).max(30),
  payloadBytes: z.int().min(0).max(1400).nullable(),
  latencyLowMs: Threshold,
  latencyHighMs: Threshold,
  lossLowPercent: z.int().min(1).max(99).nullable(),
  lossHighPercent: z.int().min(1).max(100).nullable(),
  probeIntervalMs: Threshold,
  lossIntervalMs: Threshold,
  timePeriodMs: Threshold,
  alertIntervalMs: Threshold,
};

export const GatewayChanges = z.strictObject(gatewayFields).partial();
export type GatewayChanges = z.output<typeof GatewayChanges>;
