import { z } from 'zod';
import { Description, plainText } from '../text.ts';

export const RouteNetwork = plainText(64)
  .trim()
  .min(1)
  .describe('Destination: network (CIDR), address, or alias of hosts or networks');

/** What a static route can be given besides its network; every part may be absent in an update. */
export const routeFields = {
  gateway: plainText(40)
    .min(1)
    .describe('Name of a gateway, from pf_gateway_status; Null4 or Null6 drops what goes there'),
  description: Description,
  disabled: z.boolean(),
};
