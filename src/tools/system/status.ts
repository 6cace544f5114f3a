import { z } from 'zod';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { detail } from '../detail.ts';
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
  complexity: 'simple',
  input: none,
  output: Status,
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
  pendingChanges: true,
} as const;

export default defineTool({
  name: 'pf_system_status',
  title: 'System status',
  description:
    'Who the firewall is and how it is doing: version, uptime, last configuration change, load, CPU, memory, disks, state table, temperature. Start here. A value that could not be read is null and named under unavailable.',
  toolset: 'system',
  effect: 'read',
  complexity: 'simple',
  isOpenWorld: false,
  input: z.strictObject({ detail }),
  output: z.object({ info: Info.partial(), status: Status }),
  async run(args, { box, note }) {
    const [info, status] = await Promise.all([box.call(systemInfo, {}), box.call(systemStatus, {})]);
    if (info.isBooting) note('The firewall is still booting; some values are not final.');
    if (info.pendingChanges.length > 0) note('Changes saved in the GUI are not applied yet: see info.pendingChanges.');
    return { info: args.detail === 'detailed' ? info : Info.pick(CONCISE).parse(info), status };
  },
});
