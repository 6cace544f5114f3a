import type { FleetFacts, Node } from './facts.ts';

/** What a firewall is compared by besides its configuration: names and texts; what could not be read is left out. */
export function traitsOf({ facts }: Node): ReadonlyMap<string, string> {
  return new Map([...releaseOf(facts), ['configVersion', facts.configVersion], ...packagesOf(facts)]);
}

function releaseOf({ version, patch }: FleetFacts): [string, string][] {
  if (version === null) return [];
  return [['version', patch === null || patch === '0' ? version : `${version} patch ${patch}`]];
}

function packagesOf({ packages }: FleetFacts): [string, string][] {
  return Object.entries(packages ?? {}).map(([name, version]) => [`package ${name}`, version]);
}

/** For a trait that others have. */
export const ABSENT = 'not installed';
/** Where packages could not be read, nobody knows. */
export function traitOf(node: Node, what: string): string | undefined {
  const found = traitsOf(node).get(what);
  if (found !== undefined) return found;
  return what.startsWith('package ') && node.facts.packages !== null ? ABSENT : undefined;
}
