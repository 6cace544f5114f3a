import { z } from 'zod';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { detail } from '../detail.ts';
import { defineTool } from '../tool.ts';
import { Info, savedInfo } from './info.ts';

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
  fromFiles: ({ current }) => savedInfo(current),
});

const systemStatus = defineSnippet({
  id: 'system/status',
  effect: 'read',
  complexity: 'simple',
  input: none,
  output: Status,
  fromFiles: () => NO_STATUS,
});

/** Nothing of this can be known from a file. */
const NO_STATUS: z.output<typeof Status> = {
  loadAverage: null,
  cpuPercent: null,
  memory: null,
  swap: null,
  disks: null,
  states: null,
  mbufClusters: null,
  temperatureCelsius: null,
  packetFilter: null,
  unavailable: { everything: 'Only a live firewall has a status.' },
};

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
    if (info.now === null) note('These are facts of a saved configuration; the firewall itself was not asked.');
    if (info.pendingChanges.length > 0) note('Changes saved in the GUI are not applied yet: see info.pendingChanges.');
    return { info: args.detail === 'detailed' ? info : Info.pick(CONCISE).parse(info), status };
  },
});
