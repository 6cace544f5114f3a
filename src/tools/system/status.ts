import { z } from 'zod';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { detail } from '../detail.ts';
import { GatewayState, gatewayState } from '../gateway/state.ts';
import { defineTool } from '../tool.ts';

const Info = z.object({
  hostname: z.string(),
  domain: z.string(),
  product: z.string(),
  version: z.string().nullable(),
  patch: z.string().nullable(),
  builtAt: z.string().nullable(),
  configVersion: z.string(),
  operatingSystem: z.string().nullable(),
  architecture: z.string().nullable(),
  php: z.string(),
  cpuModel: z.string().nullable(),
  cpuCount: z.int().nullable(),
  memoryBytes: z.int().nullable(),
  bootedAt: z.string().nullable(),
  uptimeSeconds: z.int().nullable(),
  now: z.string(),
  timezone: z.string(),
  isBooting: z.boolean(),
  lastChange: z.object({ at: z.string(), description: z.string(), by: z.string() }).nullable(),
  pendingChanges: z.array(z.string()),
});

const Usage = z.object({ current: z.int(), limit: z.int().nullable() });

const Status = z.object({
  loadAverage: z.array(z.number()).nullable(),
  cpuPercent: z.number().nullable(),
  memory: z
    .object({
      totalBytes: z.int(),
      freeBytes: z.int(),
      inactiveBytes: z.int(),
      wiredBytes: z.int(),
      zfsCacheBytes: z.int(),
    })
    .nullable(),
  swap: z.object({ totalBytes: z.int(), usedBytes: z.int() }).nullable(),
  disks: z.array(z.object({ mount: z.string(), totalBytes: z.int(), usedBytes: z.int() })).nullable(),
  states: Usage.nullable(),
  mbufClusters: Usage.nullable(),
  temperatureCelsius: z.number().nullable(),
  packetFilter: z.enum(['enabled', 'disabled']).nullable(),
  unavailable: z.record(z.string(), z.string()),
});

const Named = z.object({ name: z.string(), description: z.string() });

/** What asks for attention; null where it could not be looked at. */
const Attention = z.object({
  pendingChanges: z.array(z.string()).describe('Saved in the GUI, not applied yet'),
  interfacesDown: z.array(z.object({ id: z.string(), name: z.string(), status: z.string() })).describe('Enabled ones'),
  servicesStopped: z.array(Named).nullable(),
  notices: z.array(z.object({ at: z.string(), category: z.string(), text: z.string() })),
  crashReports: z.object({ files: z.array(z.string()), phpErrorBytes: z.int() }),
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

const CONCISE = {
  hostname: true,
  domain: true,
  product: true,
  version: true,
  uptimeSeconds: true,
  now: true,
  isBooting: true,
  lastChange: true,
} as const;

const none = z.strictObject({});

const systemInfo = defineSnippet({
  id: 'system/info',
  effect: 'read',
  complexity: 'simple',
  input: none,
  output: Info,
});

const systemStatus = defineSnippet({
  id: 'system/status',
  effect: 'read',
  complexity: 'interface',
  input: none,
  output: Status.extend({
    info: Info.pick(CONCISE),
    attention: Attention.extend({ gateways: z.array(RawGateway), noticeCount: z.int() }),
  }),
});

/** States of a gateway that nobody has to look after. */
const CALM: readonly GatewayState[] = ['online', 'unmonitored', 'disabled'];

export default defineTool({
  name: 'pf_system_status',
  title: 'System status',
  description:
    'How is the firewall: version, uptime, last change, load, memory, disks, states, and under attention what needs a look: interfaces down, gateways not online, stopped services, notices, crash reports, changes not applied, expiring certificates. Start here. null: could not look, see unavailable.',
  toolset: 'system',
  effect: 'read',
  complexity: 'interface',
  isOpenWorld: false,
  input: z.strictObject({ detail }),
  output: z.object({
    info: Info.partial(),
    attention: Attention.extend({ gatewaysNotOnline: z.array(z.object({ name: z.string(), state: GatewayState })) }),
    status: Status,
  }),
  async run(args, { box, note }) {
    const [all, info] = await Promise.all([
      box.call(systemStatus, {}),
      args.detail === 'detailed' ? box.call(systemInfo, {}) : undefined,
    ]);
    const { info: base, attention, ...status } = all;
    const { gateways, noticeCount, ...rest } = attention;
    if (base.isBooting) note('The firewall is still booting; some values are not final.');
    if (rest.pendingChanges.length > 0)
      note('Changes saved in the GUI are not applied yet: see attention.pendingChanges.');
    if (noticeCount > rest.notices.length)
      note(`The newest ${rest.notices.length} of ${noticeCount} notices are shown.`);
    const gatewaysNotOnline = gateways
      .map(({ name, ...facts }) => ({ name, state: gatewayState(facts) }))
      .filter(({ state }) => !CALM.includes(state));
    return { info: info ?? base, attention: { ...rest, gatewaysNotOnline }, status };
  },
});
