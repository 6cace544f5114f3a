import { z } from 'zod';
import { textAt } from '../../config/model.ts';
import type { SavedConfig } from '../../pfsense/config-files.ts';

/** Who a firewall is; what a saved configuration cannot know is null. */
export const Info = z.object({
  hostname: z.string(),
  domain: z.string(),
  product: z.string(),
  version: z.string().nullable(),
  patch: z.string().nullable(),
  builtAt: z.string().nullable(),
  configVersion: z.string(),
  operatingSystem: z.string().nullable(),
  architecture: z.string().nullable(),
  php: z.string().nullable(),
  cpuModel: z.string().nullable(),
  cpuCount: z.int().nullable(),
  memoryBytes: z.int().nullable(),
  bootedAt: z.string().nullable(),
  uptimeSeconds: z.int().nullable(),
  now: z.string().nullable(),
  timezone: z.string(),
  isBooting: z.boolean().nullable(),
  lastChange: z.object({ at: z.string(), description: z.string(), by: z.string() }).nullable(),
});

/** What a saved configuration says of the firewall that it came from. */
export function savedInfo(saved: SavedConfig): z.output<typeof Info> {
  const tree = saved.tree();
  const text = (path: string): string => textAt(tree, path) ?? '';
  const { time, by, description } = saved;
  return {
    hostname: text('system/hostname'),
    domain: text('system/domain'),
    product: 'pfSense',
    version: null,
    patch: null,
    builtAt: null,
    configVersion: text('version'),
    operatingSystem: null,
    architecture: null,
    php: null,
    cpuModel: null,
    cpuCount: null,
    memoryBytes: null,
    bootedAt: null,
    uptimeSeconds: null,
    now: null,
    timezone: text('system/timezone'),
    isBooting: null,
    lastChange:
      time === null ? null : { at: new Date(time * 1000).toISOString(), description: description ?? '', by: by ?? '' },
  };
}
