import { createHash } from 'node:crypto';
import type { ObjectChange } from '../../config/diff.ts';
import { type ConfigSection, type ConfigTree, isList } from '../../config/model.ts';
import { own } from '../../core/own.ts';
import type { Node } from './facts.ts';
import { withoutLocal } from './local.ts';
import type { Comparison, Deviation, Difference } from './output.ts';
import { changesBySection, isWithin, MAX_SENTENCES, sentencesOf } from './sections.ts';
import { traitOf, traitsOf } from './traits.ts';

type FleetAnswer = Pick<Comparison, 'deviations' | 'differences' | 'noMajority' | 'deviating'>;

/** Firewalls that are named for one deviation; their number is always told. */
const MAX_NAMED = 10;

/** Each firewall against `baseline`, or against what most of them have. */
export function compareFleet(
  nodes: readonly Node[],
  baseline: Node | undefined,
  section: string | undefined,
): FleetAnswer {
  const configs = new Map(nodes.map((node) => [node.name, withoutLocal(node.config)]));
  const traits = compareTraits(nodes, baseline);
  const sections = compareSections(configs, baseline?.name, section);
  const all = [...traits.deviations, ...sections.deviations];
  const deviating = new Set(all.flatMap(({ firewalls }) => firewalls.map(({ firewall }) => firewall)));
  const noMajority = [...traits.noMajority, ...sections.noMajority];
  return {
    deviating: deviating.size,
    deviations: all.map((one) => ({ ...one, firewalls: one.firewalls.slice(0, MAX_NAMED) })),
    differences: sections.differences,
    ...(noMajority.length === 0 ? {} : { noMajority }),
  };
}

interface Part {
  readonly deviations: Deviation[];
  readonly noMajority: { what: string; variants: number }[];
}

function compareTraits(nodes: readonly Node[], baseline: Node | undefined): Part {
  const names = [...new Set(nodes.flatMap((node) => [...traitsOf(node).keys()]))];
  const compared = names.map((what): Part => {
    const values = nodes.flatMap((node) => {
      const found = traitOf(node, what);
      return found === undefined ? [] : [{ firewall: node.name, found }];
    });
    const usual = baseline ? traitOf(baseline, what) : majorityOf(values.map(({ found }) => found));
    if (usual === undefined)
      return {
        deviations: [],
        noMajority: baseline ? [] : [{ what, variants: new Set(values.map(({ found }) => found)).size }],
      };
    const firewalls = values.filter(({ found }) => found !== usual);
    return {
      deviations: firewalls.length === 0 ? [] : [{ what, usual, count: firewalls.length, firewalls }],
      noMajority: [],
    };
  });
  return {
    deviations: compared.flatMap(({ deviations }) => deviations),
    noMajority: compared.flatMap(({ noMajority }) => noMajority),
  };
}

/** What more than half of all have; undefined when nothing is that common. */
export function majorityOf(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].find(([, count]) => count * 2 > values.length)?.[0];
}

function compareSections(
  configs: ReadonlyMap<string, ConfigSection>,
  baseline: string | undefined,
  section: string | undefined,
): Part & { differences: Difference[] } {
  const names = [...new Set([...configs.values()].flatMap((config) => Object.keys(config)))];
  const usual = names.map((name) => ({ name, ...usualOf(name, configs, baseline) }));
  const known = usual.flatMap(({ name, holder }) => (holder === undefined ? [] : [[name, holder] as const]));
  const base = Object.fromEntries(
    known.flatMap(([name, holder]) => {
      const tree = own(configs.get(holder) ?? {}, name);
      return tree === undefined ? [] : [[name, tree]];
    }),
  );
  const comparable = new Set(known.map(([name]) => name));
  const changes = [...configs].map(([firewall, config]) => ({
    firewall,
    sections: changesBySection(base, pick(config, comparable), (path) => path.split('/')[0] ?? ''),
  }));
  return {
    deviations: [...comparable].flatMap((name) => sectionDeviation(name, changes)),
    noMajority: usual
      .filter(({ holder }) => holder === undefined)
      .map(({ name, variants }) => ({ what: `section ${name}`, variants })),
    differences: section === undefined ? [] : differencesIn(section, changes),
  };
}

/** A firewall whose section is the usual one. */
function usualOf(name: string, configs: ReadonlyMap<string, ConfigSection>, baseline: string | undefined) {
  const hashes = new Map([...configs].map(([firewall, config]) => [firewall, hashOf(own(config, name))]));
  const variants = new Set(hashes.values()).size;
  if (baseline !== undefined) return { variants, holder: baseline };
  const usual = majorityOf([...hashes.values()]);
  return { variants, holder: [...hashes].find(([, hash]) => hash === usual)?.[0] };
}

/** The same for sections whose names stand in another order; order in lists counts. An empty section is as good as none. */
function hashOf(tree: ConfigTree | undefined): string {
  return createHash('sha256')
    .update(JSON.stringify(tree === undefined ? '' : sorted(tree)))
    .digest('hex');
}

function sorted(tree: ConfigTree): ConfigTree {
  if (typeof tree === 'string') return tree;
  if (isList(tree)) return tree.length === 0 ? '' : tree.map(sorted);
  const entries = Object.entries(tree).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? '' : Object.fromEntries(entries.map(([name, child]) => [name, sorted(child)]));
}

interface Changes {
  readonly firewall: string;
  readonly sections: ReadonlyMap<string, readonly ObjectChange[]>;
}

function sectionDeviation(name: string, changes: readonly Changes[]): Deviation[] {
  const firewalls = changes.flatMap(({ firewall, sections }) => {
    const count = sections.get(name)?.length ?? 0;
    return count === 0 ? [] : [{ firewall, found: count === 1 ? '1 object differs' : `${count} objects differ` }];
  });
  const alike = changes.length - firewalls.length;
  return firewalls.length === 0
    ? []
    : [
        {
          what: `section ${name}`,
          usual: `alike on ${alike} of ${changes.length}`,
          count: firewalls.length,
          firewalls,
        },
      ];
}

/** Every firewall gets an equal share of the sentences. */
function differencesIn(section: string, changes: readonly Changes[]): Difference[] {
  const found = changes.flatMap(({ firewall, sections }) => {
    const within = [...sections.values()].flat().filter((change) => isWithin(change, section));
    return within.length === 0 ? [] : [{ firewall, within }];
  });
  const share = Math.max(1, Math.floor(MAX_SENTENCES / Math.max(1, found.length)));
  return found.map(({ firewall, within }) => ({
    firewall,
    section,
    objects: within.length,
    changes: sentencesOf(within, section).slice(0, share),
  }));
}

function pick(config: ConfigSection, names: ReadonlySet<string>): ConfigSection {
  return Object.fromEntries(Object.entries(config).filter(([name]) => names.has(name)));
}
