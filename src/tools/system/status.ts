import { z } from 'zod';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { detail } from '../detail.ts';
import { defineTool } from '../tool.ts';
import { Attention, NOTHING_SEEN, RawAttention, viewAttention } from './attention.ts';
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
  fromFiles: ({ current }) => savedInfo(current),
});

const systemStatus = defineSnippet({
  id: 'system/status',
  effect: 'read',
  complexity: 'interface',
  input: none,
  output: Status.extend({ info: Info.pick(CONCISE), attention: RawAttention }),
  fromFiles: ({ current }) => ({ ...NO_STATUS, info: Info.pick(CONCISE).parse(savedInfo(current)) }),
});

/** Nothing of this can be known from a file. */
const NO_STATUS = {
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
  attention: NOTHING_SEEN,
};

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
    attention: Attention,
    status: Status,
  }),
  async run(args, { box, note }) {
    const [all, info] = await Promise.all([
      box.call(systemStatus, {}),
      args.detail === 'detailed' ? box.call(systemInfo, {}) : undefined,
    ]);
    const { info: base, attention: raw, ...status } = all;
    const attention = viewAttention(raw);
    if (base.isBooting) note('The firewall is still booting; some values are not final.');
    if (base.now === null) note('These are facts of a saved configuration; the firewall itself was not asked.');
    if (raw.pendingChanges?.length) note('Changes saved in the GUI are not applied yet: see attention.pendingChanges.');
    const shown = attention.notices?.length ?? 0;
    if (raw.noticeCount > shown) note(`The newest ${shown} of ${raw.noticeCount} notices are shown.`);
    return { info: info ?? base, attention, status };
  },
});
