import { z } from 'zod';
import { type ConfigTree, textAt, treeAt } from '../../config/model.ts';
import { own } from '../../core/own.ts';
import { interfaceNamer, type NameInterface, optional, readEndpoint, readFamily } from './endpoint.ts';
import { headingOf } from './separators.ts';
import { Counters, type RuleSource } from './source.ts';
import { RuleState, stateOf, trackerKey } from './state.ts';
import { RuleUse } from './unused.ts';

/** A filter rule as people know it from the GUI. */
export const Rule = z.object({
  tracker: z.string(),
  tab: z.string().describe('Tab of the GUI it stands on'),
  position: z.int().describe('Place on that tab, from 1'),
  state: RuleState,
  reason: z.string().optional().describe('Why it is not in pf'),
  rule: z.string().describe('Action and what it matches'),
  description: z.string(),
  gateway: z.string().optional(),
  schedule: z.string().optional(),
  log: z.boolean().optional(),
  portForward: z.string().optional().describe('Linked port forward'),
  duplicateTracker: z.boolean().optional(),
  counters: Counters.partial().nullable().describe('Sum over its rules in pf; null: pf has none'),
  heading: z.string().optional().describe('Separator above it in the GUI'),
  ...RuleUse,
  pfRules: z.int().optional(),
  labels: z.array(z.string()).optional(),
});
export type Rule = z.output<typeof Rule>;

/** A rule with what searches look at. */
export interface RuleEntry {
  readonly rule: Rule;
  readonly raw: ConfigTree;
  readonly action: string;
  readonly interfaces: readonly string[];
}

/** Tabs whose rules pf meets between those of floating rules and those of interfaces. */
const BETWEEN = new Set(['openvpn', 'l2tp', 'pppoe', 'enc0']);

/** Rules in the order in which pf meets them: floating, groups and VPN servers, interfaces. */
export function rulesInOrder(source: RuleSource): RuleEntry[] {
  const name = interfaceNamer(source.interfaces, source.groups);
  const places = new Map<string, number>();
  const repeated = repeatedTrackers(source.rules);
  const entries = source.rules.map((raw) => {
    const tab = tabOf(raw);
    const position = (places.get(tab) ?? 0) + 1;
    places.set(tab, position);
    return { stage: stageOf(tab, source.groups), entry: readRule(raw, { tab, position, source, name, repeated }) };
  });
  // Array.prototype.sort is stable, so the order of the GUI holds within a stage.
  return entries.sort((a, b) => a.stage - b.stage).map(({ entry }) => entry);
}

function tabOf(raw: ConfigTree): string {
  return treeAt(raw, 'floating') === undefined ? (textAt(raw, 'interface') ?? '') : 'floating';
}

function stageOf(tab: string, groups: readonly string[]): number {
  if (tab === 'floating') return 0;
  return groups.includes(tab) || BETWEEN.has(tab) ? 1 : 2;
}

function repeatedTrackers(rules: readonly ConfigTree[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(rules.map(trackerKey).filter((key) => key !== '' && (seen.has(key) || !seen.add(key))));
}

interface Place {
  readonly tab: string;
  readonly position: number;
  readonly source: RuleSource;
  readonly name: NameInterface;
  readonly repeated: ReadonlySet<string>;
}

function readRule(raw: ConfigTree, { tab, position, source, name, repeated }: Place): RuleEntry {
  const key = trackerKey(raw);
  const loaded = own(source.loaded ?? {}, key);
  const action = textAt(raw, 'type') ?? 'pass';
  const interfaces = (textAt(raw, 'interface') ?? '').split(',').filter((id) => id !== '');
  const association = textAt(raw, 'associated-rule-id');
  const rule: Rule = {
    tracker: textAt(raw, 'tracker') ?? '',
    tab: tab === 'floating' ? 'Floating' : name(tab),
    position,
    ...stateOf(raw, source, repeated),
    rule: [action, ...floatingWords(raw, interfaces.map(name)), ...matchWords(raw, name)].join(' '),
    description: textAt(raw, 'descr') ?? '',
    ...optional('gateway', textAt(raw, 'gateway')),
    ...optional('schedule', textAt(raw, 'sched')),
    ...(treeAt(raw, 'log') === undefined ? {} : { log: true }),
    ...optional('portForward', association && (own(source.forwards, association) || 'none has this link')),
    ...(repeated.has(key) ? { duplicateTracker: true } : {}),
    counters: loaded === undefined ? null : Counters.parse(loaded),
    ...optional('heading', headingOf(source.separators, tab, position)),
    ...(loaded === undefined ? {} : { pfRules: loaded.rules, labels: loaded.labels }),
  };
  return { rule, raw, action, interfaces: interfaces.map(name) };
}

function floatingWords(raw: ConfigTree, interfaces: readonly string[]): string[] {
  if (treeAt(raw, 'floating') === undefined) return [];
  const where = interfaces.length > 0 ? `on ${interfaces.join(', ')}` : 'on any';
  return [textAt(raw, 'direction') || 'any direction', ...(treeAt(raw, 'quick') === undefined ? [] : ['quick']), where];
}

function matchWords(raw: ConfigTree, name: NameInterface): string[] {
  return [
    readFamily(textAt(raw, 'ipprotocol')),
    textAt(raw, 'protocol') ?? 'any',
    `from ${readEndpoint(treeAt(raw, 'source'), name)}`,
    `to ${readEndpoint(treeAt(raw, 'destination'), name)}`,
  ];
}
