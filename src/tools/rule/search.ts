import { z } from 'zod';
import type { ConfigTree } from '../../config/model.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { pageInput, pageOf, pageOutput } from '../page.ts';
import { defineTool } from '../tool.ts';
import { Counters, Rule, ruleSource, rulesInOrder } from './model.ts';

const ruleList = defineSnippet({
  id: 'rule/list',
  effect: 'read',
  complexity: 'firewall',
  input: z.strictObject({}),
  output: z.object({
    rules: z.array(z.custom<ConfigTree>()),
    // PHP encodes an empty map as a list.
    interfaces: z.record(z.string(), z.string()).or(z.array(z.never()).transform((): Record<string, string> => ({}))),
    groups: z.array(z.string()),
    schedules: z.array(z.string()).default([]),
    counters: z.record(z.string(), Counters).nullable(),
  }),
  fromConfig: (config) => ({
    ...ruleSource(config),
    rules: [...ruleSource(config).rules],
    groups: [...ruleSource(config).groups],
    schedules: [],
  }),
});

export default defineTool({
  name: 'pf_rule_search',
  title: 'Search filter rules',
  description:
    'Filter rules in the order of evaluation (floating, groups, interfaces), each with its place in the GUI, its tracker and what pf counted for it. 0 packets means none since the rules were loaded, not that it is unused. The hidden rules pfSense adds itself are not listed.',
  toolset: 'rules',
  effect: 'read',
  complexity: 'firewall',
  isOpenWorld: false,
  input: z.strictObject({
    text: z.string().max(200).optional().describe('Part of the description, an address, an alias, a port'),
    interface: z.string().max(60).optional().describe('Description or key; also Floating'),
    action: z.enum(['pass', 'block', 'reject', 'match']).optional(),
    tracker: z.string().max(20).optional(),
    enabled: z.boolean().optional(),
    ...pageInput,
  }),
  output: z.object({ rules: z.array(Rule), ...pageOutput }),
  async run(args, { box, note }) {
    const source = await box.call(ruleList, {});
    if (source.counters === null) note('Counters could not be read; the rules come from the configuration alone.');
    const found = rulesInOrder(source).filter((rule) => fits(rule, args));
    const { part, facts } = pageOf(found, args);
    return { rules: part, ...facts };
  },
});

interface Filter {
  readonly text?: string | undefined;
  readonly interface?: string | undefined;
  readonly action?: string | undefined;
  readonly tracker?: string | undefined;
  readonly enabled?: boolean | undefined;
}

function fits(rule: Rule, filter: Filter): boolean {
  return (
    (filter.action === undefined || rule.action === filter.action) &&
    (filter.tracker === undefined || rule.tracker === filter.tracker) &&
    (filter.enabled === undefined || rule.enabled === filter.enabled) &&
    (filter.interface === undefined || isOn(rule, filter.interface.toLowerCase())) &&
    (filter.text === undefined || mentions(rule, filter.text.toLowerCase()))
  );
}

function isOn(rule: Rule, name: string): boolean {
  return [rule.tab, ...rule.interfaces].some((candidate) => candidate.toLowerCase() === name);
}

function mentions(rule: Rule, text: string): boolean {
  const { description, source, destination, gateway = '', schedule = '', protocol } = rule;
  return [description, source, destination, gateway, schedule, protocol].some((field) =>
    field.toLowerCase().includes(text),
  );
}
