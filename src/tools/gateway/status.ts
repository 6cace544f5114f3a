import { z } from 'zod';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { fittingPage, pageInput, pageOutput } from '../page.ts';
import { defineTool } from '../tool.ts';
import { Group, Raw } from './model.ts';
import { savedGateways } from './saved.ts';
import { GatewayState, gatewayState } from './state.ts';

const gatewayStatus = defineSnippet({
  id: 'gateway/status',
  effect: 'read',
  complexity: 'interface',
  input: z.strictObject({}),
  output: z.object({
    gateways: z.array(Raw),
    groups: z.array(Group),
    default4: z.string(),
    default6: z.string(),
    isSaved: z.boolean().default(false),
  }),
  fromFiles: ({ current }) => savedGateways(current.tree()),
});

const Gateway = Raw.omit({
  isDisabled: true,
  isForcedDown: true,
  isMonitored: true,
  status: true,
  substatus: true,
}).extend({
  state: GatewayState,
  reason: z.string().nullable(),
});

export default defineTool({
  name: 'pf_gateway_status',
  title: 'Gateways',
  description:
    'Gateways with state (online, warning, down, forced down, pending, unmonitored, disabled, unknown), delay and deviation in ms, loss in %, which is the default now and which is configured, and the gateway groups with the tier in use.',
  toolset: 'network',
  effect: 'read',
  complexity: 'interface',
  isOpenWorld: false,
  input: z.strictObject(pageInput),
  output: z.object({
    gateways: z.array(Gateway),
    ...pageOutput,
    groups: z.array(Group.extend({ tierInUse: z.int().nullable() })),
    configuredDefault: z.object({ ipv4: z.string(), ipv6: z.string() }),
  }),
  async run(args, { box, note }) {
    const status = await box.call(gatewayStatus, {});
    if (status.isSaved) note('From a saved configuration: which gateways are up, and dynamic ones, are unknown.');
    const gateways = status.gateways.map(
      ({ isDisabled, isForcedDown, isMonitored, status: said, substatus, ...gateway }) => ({
        ...gateway,
        state: gatewayState({ isDisabled, isForcedDown, isMonitored, said, substatus }),
        reason: substatus === 'none' ? null : substatus,
      }),
    );
    if (!status.isSaved && gateways.some(({ state }) => state === 'unknown'))
      note('state unknown: the monitor of that gateway (dpinger) does not run or did not answer.');
    const usable = new Set(
      gateways
        .filter(({ state }) => state === 'online' || state === 'warning' || state === 'unmonitored')
        .map(({ name }) => name),
    );
    const { part, facts } = fittingPage(gateways, args);
    return {
      gateways: part,
      ...facts,
      groups: status.groups.map((group) => ({ ...group, tierInUse: status.isSaved ? null : tierInUse(group, usable) })),
      configuredDefault: { ipv4: status.default4 || 'automatic', ipv6: status.default6 || 'automatic' },
    };
  },
});

function tierInUse(group: z.output<typeof Group>, usable: ReadonlySet<string>): number | null {
  const tiers = group.members.filter(({ gateway }) => usable.has(gateway)).map(({ tier }) => tier);
  return tiers.length > 0 ? Math.min(...tiers) : null;
}
