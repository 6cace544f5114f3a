import { z } from 'zod';
import { type ConfigTree, listAt, textAt, treeAt } from '../../config/model.ts';
import { interfaceDescriptions, interfaceNamer, optional, readEndpoint, readFamily } from './endpoint.ts';

export const Counters = z.object({
  evaluations: z.int(),
  packets: z.int(),
  bytes: z.int(),
  states: z.int(),
});

/** A filter rule as people know it from the GUI. */
export const Rule = z.object({
  tracker: z.string(),
  tab: z.string().describe('Tab of the GUI it stands on'),
  position: z.int().describe('Place on that tab, from 1'),
  action: z.string(),
  enabled: z.boolean(),
  interfaces: z.array(z.string()),
  direction: z.string().optional(),
  quick: z.boolean().optional(),
  family: z.string(),
  protocol: z.string(),
  source: z.string(),
  destination: z.string(),
  gateway: z.string().optional(),
  schedule: z.string().optional(),
  log: z.boolean(),
  description: z.string(),
  associatedNat: z.boolean().optional(),
  counters: Counters.nullable().describe('Since the rules were loaded; null: pf does not know the rule'),
});
export type Rule = z.output<typeof Rule>;

/** What the rules are built from; the same from the live firewall and from a configuration alone. */
export interface RuleSource {
  readonly rules: readonly ConfigTree[];
  /** Interface key to description. */
  readonly interfaces: Readonly<Record<string, string>>;
  readonly groups: readonly string[];
  /** By tracker; null when pf could not be asked. */
  readonly counters: Readonly<Record<string, z.output<typeof Counters>>> | null;
}

/** The source that a configuration alone gives. */
export function ruleSource(config: ConfigTree): RuleSource {
  return {
    rules: listAt(config, 'filter/rule'),
    interfaces: interfaceDescriptions(config),
    groups: listAt(config, 'ifgroups/ifgroupentry').flatMap((group) => textAt(group, 'ifname') ?? []),
    counters: null,
  };
}

/** Rules in the order in which pf meets them: floating, interface groups, interfaces. */
export function rulesInOrder(source: RuleSource): Rule[] {
  const places = new Map<string, number>();
  const rules = source.rules.map((raw) => {
    const tab = tabOf(raw);
    const position = (places.get(tab) ?? 0) + 1;
    places.set(tab, position);
    return { stage: stageOf(tab, source.groups), rule: readRule(raw, tab, position, source) };
  });
  // Array.prototype.sort is stable, so the order of the GUI holds within a stage.
  return rules.sort((a, b) => a.stage - b.stage).map(({ rule }) => rule);
}

function tabOf(raw: ConfigTree): string {
  return treeAt(raw, 'floating') === undefined ? (textAt(raw, 'interface') ?? '') : 'floating';
}

function stageOf(tab: string, groups: readonly string[]): number {
  if (tab === 'floating') return 0;
  return groups.includes(tab) ? 1 : 2;
}

function readRule(raw: ConfigTree, tab: string, position: number, source: RuleSource): Rule {
  const tracker = textAt(raw, 'tracker') ?? '';
  const name = interfaceNamer(source.interfaces, source.groups);
  const ids = (textAt(raw, 'interface') ?? '').split(',').filter((id) => id !== '');
  const has = (key: string): boolean => treeAt(raw, key) !== undefined;
  return {
    tracker,
    tab: tab === 'floating' ? 'Floating' : name(tab),
    position,
    action: textAt(raw, 'type') ?? 'pass',
    enabled: !has('disabled'),
    interfaces: ids.map(name),
    ...(tab === 'floating' ? { direction: textAt(raw, 'direction') ?? 'any', quick: has('quick') } : {}),
    family: readFamily(textAt(raw, 'ipprotocol')),
    protocol: textAt(raw, 'protocol') ?? 'any',
    source: readEndpoint(treeAt(raw, 'source'), name),
    destination: readEndpoint(treeAt(raw, 'destination'), name),
    ...optional('gateway', textAt(raw, 'gateway')),
    ...optional('schedule', textAt(raw, 'sched')),
    log: has('log'),
    description: textAt(raw, 'descr') ?? '',
    ...(textAt(raw, 'associated-rule-id') ? { associatedNat: true } : {}),
    counters: source.counters?.[tracker] ?? null,
  };
}
