import { z } from 'zod';
import { PfsenseError } from '../core/errors.ts';
import type { Box } from '../pfsense/box.ts';
import { defineSnippet } from '../pfsense/snippet.ts';

const changeNode = defineSnippet({
  id: 'change/node',
  effect: 'read',
  complexity: 'interface',
  input: z.strictObject({}),
  output: z.object({
    product: z.string().nullable(),
    version: z.string().nullable(),
    /** Version of config.xml that this pfSense writes. */
    codeConfig: z.string().nullable(),
    savedConfig: z.string(),
    /** CARP addresses that the kernel has, with the part they play. */
    carp: z.array(z.object({ name: z.string(), state: z.string() })),
    demotion: z.int().nullable(),
    isMaintenance: z.boolean(),
    /** The other node, where this one sends its configuration. */
    sendsTo: z.string(),
    /** Version of the other node's configuration; null: it does not say. */
    peerConfig: z.string().nullable(),
  }),
});
export type NodeFacts = z.output<typeof changeNode.output>;

/** Whether changes of a firewall are supported as it is now, and what has to be said about it. */
export interface NodeVerdict {
  /** Sentences; with any of them nothing is changed there. */
  readonly stops: readonly string[];
  readonly notes: readonly string[];
}

export interface NodePolicy {
  /** A person said that versions and editions which were never tested may be changed. */
  readonly changeUntested: boolean;
}

/** Asks the firewall. */
export async function weighNode(box: Box, policy: NodePolicy): Promise<NodeVerdict> {
  return nodeVerdict(await box.call(changeNode, {}), policy);
}

/** @throws PfsenseError `box_not_ready` with all that stands against a change. */
export function mustBeReady({ stops }: NodeVerdict): void {
  if (stops.length === 0) return;
  throw new PfsenseError('box_not_ready', stops.join(' '), { phase: 'policy', sideEffect: 'none' });
}

/** The community edition has its source in public, and these of it were tried. */
const TESTED = /^2\.(?:7\.2|8\.\d+)-/;
const PRODUCT = /^pfSense(?: \(simulated\))?$/;

export function nodeVerdict(facts: NodeFacts, { changeUntested }: NodePolicy): NodeVerdict {
  const { product, version, codeConfig, savedConfig, sendsTo } = facts;
  const isTested = PRODUCT.test(product ?? '') && TESTED.test(version ?? '');
  const isBetween = codeConfig !== null && codeConfig !== savedConfig;
  return {
    stops: [
      ...(isTested || changeUntested
        ? []
        : [
            'Changes were never tested on this version or edition of pfSense; changeUntested in the settings allows them.',
          ]),
      ...(isBetween ? ['The configuration has another version than pfSense: an upgrade is not finished.'] : []),
      ...partStops(facts),
      ...peerStops(facts),
    ],
    notes: sendsTo === '' ? [] : ['When it is confirmed, pfSense sends it to the other node as well.'],
  };
}

/** A pair is changed on the node that sends its configuration, while that one is in charge. */
function partStops({ carp, demotion, isMaintenance, sendsTo }: NodeFacts): string[] {
  const isBackup = carp.some(({ state }) => state === 'BACKUP');
  if (isMaintenance) return ['This node is in CARP maintenance mode.'];
  if (isBackup && sendsTo === '')
    return [
      'This node is the backup of a pair: the next synchronisation would overwrite the change. Make it on the primary.',
    ];
  if (isBackup) return ['The other node of the pair is in charge now: find out why before anything is changed.'];
  return carp.length > 0 && (demotion ?? 0) > 0 ? ['This node is demoted: something of it is down.'] : [];
}

/** pfSense does not synchronise then, and both nodes would differ from there on. */
function peerStops({ sendsTo, peerConfig, savedConfig }: NodeFacts): string[] {
  if (sendsTo === '' || peerConfig === savedConfig) return [];
  if (peerConfig !== null)
    return [
      'The other node has another version of the configuration: bring both to the same version of pfSense first.',
    ];
  return [
    'The other node does not answer to the synchronisation. It may be taking one: try again in a minute; then mend that, or take it out of System > High Availability.',
  ];
}
