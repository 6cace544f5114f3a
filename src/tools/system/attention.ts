import { z } from 'zod';
import { pendingName } from '../../pfsense/pending-changes.ts';
import { GatewayState, gatewayState } from '../gateway/state.ts';

const Named = z.object({ name: z.string(), description: z.string() });

/** What asks for attention; null where it could not be looked at. */
const Seen = z.object({
  pendingChanges: z.array(z.string()).nullable().describe('Saved in the GUI, not applied yet'),
  interfacesDown: z
    .array(z.object({ id: z.string(), name: z.string(), status: z.string() }))
    .nullable()
    .describe('Enabled ones'),
  servicesStopped: z.array(Named).nullable(),
  notices: z.array(z.object({ at: z.string(), category: z.string(), text: z.string() })).nullable(),
  crashReports: z.object({ files: z.array(z.string()), phpErrorBytes: z.int() }).nullable(),
  certificatesExpiring: z
    .array(z.object({ name: z.string(), refid: z.string(), daysLeft: z.int() }))
    .nullable()
    .describe('Within 30 days; negative: expired'),
});

const RawGateway = z.object({
  name: z.string(),
  isDisabled: z.boolean(),
  isForcedDown: z.boolean(),
  isMonitored: z.boolean(),
  said: z.string().nullable(),
  substatus: z.string().nullable(),
});

/** As the snippet brings it. */
export const RawAttention = Seen.extend({ gateways: z.array(RawGateway).nullable(), noticeCount: z.int() });

export const Attention = Seen.extend({
  gatewaysNotOnline: z.array(z.object({ name: z.string(), state: GatewayState })).nullable(),
});

/** For files, behind which there is no firewall to look at. */
export const NOTHING_SEEN: z.output<typeof RawAttention> = {
  pendingChanges: null,
  interfacesDown: null,
  servicesStopped: null,
  notices: null,
  crashReports: null,
  certificatesExpiring: null,
  gateways: null,
  noticeCount: 0,
};

/** States of a gateway that nobody has to look after. */
const CALM: readonly GatewayState[] = ['online', 'unmonitored', 'disabled'];

export function viewAttention(raw: z.output<typeof RawAttention>): z.output<typeof Attention> {
  const { gateways: _gateways, noticeCount: _count, ...seen } = raw;
  const pendingChanges = seen.pendingChanges?.map(pendingName) ?? null;
  return {
    ...seen,
    pendingChanges,
    gatewaysNotOnline: gatewayStates(raw)?.filter(({ state }) => !CALM.includes(state)) ?? null,
  };
}

/** Every gateway with its state; null where the monitors were not asked. */
export function gatewayStates({ gateways }: z.output<typeof RawAttention>) {
  return gateways?.map(({ name, ...facts }) => ({ name, state: gatewayState(facts) })) ?? null;
}
