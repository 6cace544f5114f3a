import { z } from 'zod';
import { wallMs } from '../../core/clock.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { NOTHING_SEEN, RawAttention } from './attention.ts';
import { expiringCertificates } from './expiring.ts';
import { Info, savedInfo } from './info.ts';
import { Survey } from './survey.ts';

const Usage = z.object({ current: z.int(), limit: z.int().nullable() });

export const Status = z.object({
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

export const systemInfo = defineSnippet({
  id: 'system/info',
  effect: 'read',
  complexity: 'simple',
  input: none,
  output: Info.omit(CONCISE),
  fromFiles: ({ current }) => Info.omit(CONCISE).parse(savedInfo(current)),
});

export const systemStatus = defineSnippet({
  id: 'system/status',
  effect: 'read',
  complexity: 'interface',
  input: z.strictObject({ survey: z.boolean() }),
  output: Status.extend({ info: Info.pick(CONCISE), attention: RawAttention, survey: Survey.nullable() }),
  fromFiles: ({ current }) => ({
    ...NO_STATUS,
    attention: { ...NOTHING_SEEN, certificatesExpiring: expiringCertificates(current.tree(), wallMs()) },
    info: Info.pick(CONCISE).parse(savedInfo(current)),
  }),
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
  survey: null,
};
