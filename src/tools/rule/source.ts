import { z } from 'zod';
import { type ConfigTree, listAt, textAt, treeAt } from '../../config/model.ts';
import { ConfigReply } from '../../pfsense/config-reply.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { interfaceDescriptions } from './endpoint.ts';

const tree = ConfigReply;

export const Counters = z.object({
  evaluations: z.int(),
  packets: z.int(),
  bytes: z.int(),
  states: z.int(),
});

const Loaded = Counters.extend({
  /** Rules of pf that one rule of the GUI became. */
  rules: z.int(),
  labels: z.array(z.string()),
  /** When pf last matched it, in seconds of the firewall's clock, where pf says so. */
  lastActive: z.int().nullable(),
});

const Hidden = Counters.extend({
  tracker: z.string().nullable(),
  label: z.string(),
  rule: z.string(),
  /** Whether pf meets it before the first rule of the GUI. */
  isBefore: z.boolean(),
});
export type HiddenRule = z.output<typeof Hidden>;

/** What the rules are built from; the same from the live firewall and from a configuration alone. */
const RuleSource = z.object({
  rules: z.array(tree),
  separators: tree,
  /** Interface key to description. */
  interfaces: z.record(z.string(), z.string()),
  groups: z.array(z.string()),
  /** Schedule to whether it is active now. */
  schedules: z.record(z.string(), z.boolean().nullable()),
  /** Link between a port forward and its filter rule to the description of the forward. */
  forwards: z.record(z.string(), z.string()),
  aliases: z.array(z.string()),
  /** Rules that pfSense could not build because of an alias. */
  skipped: z.array(z.object({ alias: z.string(), rule: z.string() })),
  /** By tracker, as a number without leading zeroes; null when pf could not be asked. */
  loaded: z.record(z.string(), Loaded).nullable(),
  hidden: z.array(Hidden).nullable(),
  /** Seconds since the epoch. */
  rulesLoadedAt: z.int().nullable(),
  keepsCounters: z.boolean(),
  /** Seconds since pf was switched on. */
  enabledFor: z.int().nullable(),
  now: z.int(),
  hasPending: z.boolean().nullable(),
});
export type RuleSource = z.output<typeof RuleSource>;

export const ruleList = defineSnippet({
  id: 'rule/list',
  effect: 'read',
  complexity: 'firewall',
  input: z.strictObject({ hidden: z.boolean() }),
  output: RuleSource,
  fromConfig: (config) => ruleSource(config),
});

/** The source that a configuration alone gives. */
export function ruleSource(config: ConfigTree): RuleSource {
  return {
    rules: [...listAt(config, 'filter/rule')],
    separators: treeAt(config, 'filter/separator') ?? {},
    interfaces: interfaceDescriptions(config),
    groups: listAt(config, 'ifgroups/ifgroupentry').flatMap((group) => textAt(group, 'ifname') ?? []),
    schedules: Object.fromEntries(
      listAt(config, 'schedules/schedule').map((schedule) => [textAt(schedule, 'name') ?? '', null]),
    ),
    forwards: Object.fromEntries(
      listAt(config, 'nat/rule').map((rule) => [textAt(rule, 'associated-rule-id') ?? '', textAt(rule, 'descr') ?? '']),
    ),
    aliases: listAt(config, 'aliases/alias').flatMap((alias) => textAt(alias, 'name') ?? []),
    skipped: [],
    loaded: null,
    hidden: null,
    rulesLoadedAt: null,
    keepsCounters: false,
    enabledFor: null,
    now: 0,
    hasPending: null,
  };
}

export const ruleExpand = defineSnippet({
  id: 'rule/expand',
  effect: 'read',
  complexity: 'interface',
  input: z.strictObject({}),
  output: z.object({
    subnets: z.record(z.string(), z.array(z.string()).nullable()),
    addresses: z.record(z.string(), z.array(z.string())),
    self: z.array(z.string()),
  }),
});
