import { z } from 'zod';
import type { RuleWatch } from '../../alan/rule-watch.ts';
import { textAt } from '../../config/model.ts';
import { wallMs } from '../../core/clock.ts';
import type { Box } from '../../pfsense/box.ts';
import { detail } from '../detail.ts';
import { fitPage, pageInput, pageOf, pageOutput, startOf } from '../page.ts';
import { defineTool } from '../tool.ts';
import { interfaceNamer } from './endpoint.ts';
import { expandWords } from './expansion.ts';
import { HiddenView, viewHidden } from './hidden.ts';
import { Rule, type RuleEntry, rulesInOrder } from './model.ts';
import { type RuleSource, ruleExpand, ruleList } from './source.ts';
import { RuleState } from './state.ts';
import { findUnused, viewUse, Watch } from './unused.ts';
import { countersBegan, sampleOf } from './watch.ts';

export default defineTool({
  name: 'pf_rule_search',
  title: 'Search filter rules',
  description:
    'Filter rules in order of evaluation (floating, groups, interfaces) with place in the GUI, tracker, state and what pf counted. 0 packets means none since `since`, not unused: ask with unusedForDays, which looks at what was watched over time. include hidden lists the rules pfSense adds itself instead. detailed: labels, separators, the addresses behind "LAN subnets".',
  toolset: 'rules',
  effect: 'read',
  complexity: 'firewall',
  isOpenWorld: false,
  input: z.strictObject({
    text: z.string().max(200).optional().describe('Part of the description, an address, an alias, a port'),
    interface: z.string().max(60).optional().describe('Description or key; also Floating'),
    action: z.enum(['pass', 'block', 'reject', 'match']).optional(),
    tracker: z.string().max(20).optional(),
    state: RuleState.optional(),
    unusedForDays: z.int().min(1).max(3650).optional().describe('Only rules unused for so many watched days'),
    include: z.enum(['configured', 'hidden']).default('configured'),
    detail,
    ...pageInput,
    limit: pageInput.limit.default(12),
  }),
  output: z.object({
    rules: z.array(Rule).optional(),
    hidden: z.array(HiddenView).nullable().optional().describe('null: pf could not be asked'),
    schedules: z.record(z.string(), z.boolean().nullable()).optional().describe('Of the rules shown: active now?'),
    watch: Watch.nullable().optional().describe('Of unusedForDays; null: nothing was watched'),
    expanded: z.record(z.string(), z.array(z.string())).optional(),
    since: z.string().nullable().describe('Counters are no older; a rule changed later starts at 0'),
    rulesLoadedAt: z.string().nullable(),
    ...pageOutput,
  }),
  async run(args, { box, note, memory }) {
    const source = await box.call(ruleList, { hidden: args.include === 'hidden' });
    const sample = sampleOf(source, wallMs());
    const watched = sample && memory.watchRules(sample);
    if (source.loaded === null)
      note('Counters could not be read: pf was not asked or did not answer. What is shown is the configuration.');
    if (source.loaded !== null && source.rulesLoadedAt === null)
      note('rules.debug could not be read: when rules were loaded, and which pfSense left out, is unknown.');
    const times = { since: isoTime(countersBegan(source)), rulesLoadedAt: isoTime(source.rulesLoadedAt) };
    if (args.include === 'hidden') {
      if (source.hidden === null) return { hidden: null, ...times, total: 0, shown: 0 };
      const { part, facts: page } = pageOf(source.hidden.filter(hiddenFits(args)).map(viewHidden), args);
      const { rows, facts } = fitPage(part, page, startOf(args));
      return { hidden: rows, ...times, ...facts };
    }
    const tab = args.interface === undefined ? undefined : tabName(args.interface, source);
    if (args.interface !== undefined && tab === undefined) note('No interface, group or tab has that name.');
    const fitting = rulesInOrder(source).filter((entry) => fits(entry, { ...args, interface: tab ?? args.interface }));
    const { found, watch } = unusedOf(fitting, args.unusedForDays, watched);
    if (watch !== undefined) noteReach({ watch, isLasting: memory.isLasting, days: args.unusedForDays }, note);
    if (found.some(({ rule }) => rule.duplicateTracker))
      note('Several rules share a tracker: pf cannot tell them apart, so each shows the counters of all of them.');
    const { part, facts: page } = pageOf(
      found.map(({ rule }) => (args.detail === 'detailed' ? rule : concise(rule))),
      args,
    );
    const { rows, facts } = fitPage(part, page, startOf(args));
    return {
      rules: rows,
      ...(watch === undefined ? {} : { watch }),
      ...schedulesOf(rows, source),
      ...(args.detail === 'detailed' ? { expanded: await expand(rows, source, box) } : {}),
      ...times,
      ...facts,
    };
  },
});

type Reach = z.output<typeof Watch> | null;

/** The rules that are left when only unused ones are wanted, each with what is known of its use. */
function unusedOf(entries: RuleEntry[], days: number | undefined, watched: RuleWatch | undefined) {
  if (days === undefined) return { found: entries, watch: undefined };
  if (watched === undefined) return { found: [], watch: null };
  const { unused, watch } = findUnused(entries, watched, days);
  return { found: unused.map((one) => ({ ...one.entry, rule: { ...one.entry.rule, ...viewUse(one) } })), watch };
}

interface Watching {
  readonly watch: Reach;
  readonly isLasting: boolean;
  readonly days: number | undefined;
}

function noteReach({ watch, isLasting, days }: Watching, note: (text: string) => void): void {
  if (watch === null) {
    note('pf was not seen, so nothing is known of the use of rules: this is not "none unused".');
    return;
  }
  note(
    `Use was watched for ${watch.watchedDays} of ${days} days, by this program on this computer; what happened between the last look and a reload of the rules is invisible. An edited rule counts anew from its edit.`,
  );
  if (!isLasting) note('The database is not available: what was watched is lost when this process ends.');
}

function concise({ heading: _heading, pfRules: _pfRules, labels: _labels, ...rule }: Rule): Rule {
  if (rule.counters === null) return rule;
  const { packets, bytes, states } = rule.counters;
  return { ...rule, counters: { packets, bytes, states } };
}

function isoTime(seconds: number | null): string | null {
  return seconds === null ? null : new Date(seconds * 1000).toISOString();
}

function schedulesOf(rules: readonly Rule[], { schedules }: RuleSource) {
  const used = new Set(rules.flatMap(({ schedule }) => schedule ?? []));
  if (used.size === 0) return {};
  return { schedules: Object.fromEntries(Object.entries(schedules).filter(([name]) => used.has(name))) };
}

async function expand(rules: readonly Rule[], source: RuleSource, box: Box): Promise<Record<string, string[]>> {
  if (source.loaded === null) return {};
  const name = interfaceNamer(source.interfaces, source.groups);
  return expandWords(
    rules.map(({ rule }) => rule),
    await box.call(ruleExpand, {}),
    name,
  );
}

/** A tracker as pf prints it. */
function bare(tracker: string): string {
  return tracker.replace(/^0+(?=\d)/, '');
}

interface Filter {
  readonly text?: string | undefined;
  readonly interface?: string | undefined;
  readonly action?: string | undefined;
  readonly tracker?: string | undefined;
  readonly state?: string | undefined;
}

function hiddenFits({ text, tracker, action }: Filter) {
  const wanted = text?.toLowerCase() ?? '';
  return (hidden: { rule: string; label: string; tracker: string | null }): boolean =>
    `${hidden.label} ${hidden.rule}`.toLowerCase().includes(wanted) &&
    (tracker === undefined || hidden.tracker === bare(tracker)) &&
    (action === undefined || hidden.rule.startsWith(action));
}

function fits({ rule, action, interfaces }: RuleEntry, filter: Filter): boolean {
  return (
    (filter.action === undefined || action === filter.action) &&
    (filter.tracker === undefined || bare(rule.tracker) === bare(filter.tracker)) &&
    (filter.state === undefined || rule.state === filter.state) &&
    (filter.interface === undefined || [rule.tab, ...interfaces].includes(filter.interface)) &&
    (filter.text === undefined || mentions(rule, filter.text.toLowerCase()))
  );
}

/** The name of the tab that somebody means by a description or a key; undefined when there is none. */
function tabName(wanted: string, { interfaces, groups, rules }: RuleSource): string | undefined {
  const name = interfaceNamer(interfaces, groups);
  const used = rules.flatMap((rule) => (textAt(rule, 'interface') ?? '').split(','));
  const keys = [...Object.keys(interfaces), ...groups, ...used].filter((key) => key !== '');
  const key = keys.find((id) => [id, name(id)].some((known) => known.toLowerCase() === wanted.toLowerCase()));
  if (key !== undefined) return name(key);
  return wanted.toLowerCase() === 'floating' ? 'Floating' : undefined;
}

function mentions({ description, rule, gateway = '', schedule = '' }: Rule, text: string): boolean {
  return [description, rule, gateway, schedule].some((field) => field.toLowerCase().includes(text));
}
