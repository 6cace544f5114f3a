import { z } from 'zod';
import { type ConfigTree, listAt, textAt } from '../../config/model.ts';
import type { Box } from '../../pfsense/box.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { CURRENT, configSection } from '../config/section.ts';
import { type HaFacts, haStatus } from '../ha/snippet.ts';

/** PHP encodes an empty map as a list. */
const Versions = z.record(z.string(), z.string()).or(z.array(z.never()).transform((): Record<string, string> => ({})));

const FleetFacts = z.object({
  version: z.string().nullable(),
  patch: z.string().nullable(),
  configVersion: z.string(),
  /** Name to version; null: could not look. */
  packages: Versions.nullable(),
  /** Entries of the state table. */
  states: z.int().nullable(),
  /** Where this node sends its configuration to. */
  syncTarget: z.object({ address: z.string(), isReachable: z.boolean().nullable() }).nullable(),
  /** Line of the log about the last sync; empty: the log says nothing of one; null: could not look. */
  syncLog: z.string().nullable(),
});
export type FleetFacts = z.output<typeof FleetFacts>;

const fleetFacts = defineSnippet({
  id: 'fleet/facts',
  effect: 'read',
  complexity: 'firewall',
  input: z.strictObject({}),
  output: FleetFacts,
  fromFiles: ({ current }) => savedFacts(current.tree()),
});

/** What a saved configuration says of its firewall. */
export function savedFacts(config: ConfigTree): FleetFacts {
  const target = textAt(config, 'hasync/synchronizetoip') ?? '';
  return {
    version: null,
    patch: null,
    configVersion: textAt(config, 'version') ?? '',
    packages: Object.fromEntries(
      listAt(config, 'installedpackages/package').map((one) => [
        (textAt(one, 'name') ?? '').replaceAll(' ', '_'),
        textAt(one, 'version') ?? '',
      ]),
    ),
    states: null,
    syncTarget: target === '' ? null : { address: target, isReachable: null },
    syncLog: null,
  };
}

/** One firewall as it is compared with others. */
export interface Node {
  readonly name: string;
  readonly ha: HaFacts;
  readonly facts: FleetFacts;
  /** Secrets are stand-ins; equal ones are equal secrets. */
  readonly config: ConfigTree;
}

/** One after the other: each call at the same time would be one more PHP process on the firewall. */
export async function lookAtNode(box: Box): Promise<Node> {
  const ha = await box.call(haStatus, {});
  const facts = await box.call(fleetFacts, {});
  const { tree = {} } = await configSection(box, { path: '', revision: CURRENT });
  return { name: box.name, ha, facts, config: tree };
}
