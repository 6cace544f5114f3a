import { z } from 'zod';
import { ConfigReply } from '../../pfsense/config-reply.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { resolveEnd } from './resolve.ts';

/** How a text was understood; an empty address: nothing was found behind it. */
const End = z.object({ address: z.string(), how: z.enum(['address', 'network', 'alias', 'name', 'no answer']) });
export type End = z.output<typeof End>;

/** null inside: the system has no route. */
const Way = z.object({
  found: z
    .object({ device: z.string(), gateway: z.string().nullable(), isDefault: z.boolean(), isReject: z.boolean() })
    .nullable(),
});

const Live = z.object({
  addresses: z.record(z.string(), z.array(z.string())).nullable(),
  devices: z.record(z.string(), z.string()),
  /** Why a device carries nothing. */
  down: z.record(z.string(), z.enum(['switched off', 'without link'])),
  tables: z
    .object({
      names: z.array(z.string()),
      contents: z.record(z.string(), z.array(z.string())),
      tests: z.record(z.string(), z.record(z.string(), z.boolean())),
    })
    .nullable(),
  anchors: z.array(z.string()).nullable(),
  gateways: z
    .record(
      z.string(),
      z.object({
        isUp: z.boolean(),
        address: z.string().nullable(),
        device: z.string().nullable(),
        status: z.string().nullable(),
      }),
    )
    .nullable(),
  localTime: z.string(),
  /** Routes to the source and to the destination; null: not asked. */
  back: Way.nullable(),
  way: Way.nullable(),
  /** By address: whether its link-layer address is known. */
  neighbours: z.record(z.string(), z.boolean()).nullable(),
  /** States between the two, as pf prints them. */
  states: z.array(z.string()).nullable(),
  /** Lines of the filter log that dropped packets of the two, newest first. */
  drops: z.array(z.string()).nullable(),
  /** What pf calls the rules of these lines, by tracker. */
  labels: z.record(z.string(), z.string()),
  hasPending: z.boolean(),
});
export type Live = z.output<typeof Live>;

/** Settings, live facts and both ends in one round trip. */
export const pathExplain = defineSnippet({
  id: 'path/explain',
  effect: 'read',
  complexity: 'firewall',
  input: z.strictObject({ source: z.string(), destination: z.string() }),
  output: z.object({ config: ConfigReply, source: End, destination: End, live: Live.nullable() }),
  fromConfig: (config, { source, destination }) => {
    const isSix = [source, destination].some((text) => text.includes(':'));
    return {
      config,
      source: resolveEnd(source, isSix, config),
      destination: resolveEnd(destination, isSix, config),
      live: null,
    };
  },
});
export type PathFacts = z.output<(typeof pathExplain)['output']>;
