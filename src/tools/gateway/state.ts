import { z } from 'zod';

/** States that people confuse, kept apart. */
export const GatewayState = z.enum([
  'online',
  'warning',
  'down',
  'forced down',
  'pending',
  'unmonitored',
  'disabled',
  'unknown',
]);
export type GatewayState = z.output<typeof GatewayState>;

/** What configuration and monitor say of one gateway. */
export interface GatewayFacts {
  readonly isDisabled: boolean;
  readonly isForcedDown: boolean;
  readonly isMonitored: boolean;
  readonly said: string | null;
  readonly substatus: string | null;
}

export function gatewayState({ isDisabled, isForcedDown, isMonitored, said, substatus }: GatewayFacts): GatewayState {
  if (isDisabled) return 'disabled';
  if (isForcedDown || substatus === 'force_down') return 'forced down';
  if (!isMonitored) return 'unmonitored';
  if (said === null) return 'unknown';
  if (said === 'down') return 'down';
  if (said === 'pending') return 'pending';
  return substatus === null || substatus === 'none' ? 'online' : 'warning';
}
