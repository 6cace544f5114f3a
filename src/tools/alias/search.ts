import { z } from 'zod';
import { isAddress } from '../../config/address.ts';
import { type AddressBlock, readBlock } from '../../config/address-block.ts';
import { PfsenseError } from '../../core/errors.ts';
import { own } from '../../core/own.ts';
import type { Box } from '../../pfsense/box.ts';
import { detail } from '../detail.ts';
import { fitPage, pageInput, pageOf, pageOutput, startOf } from '../page.ts';
import { defineTool } from '../tool.ts';
import { type Alias, isHostName, membersHolding, readAlias, resolveMembers } from './members.ts';
import { Schedule, schedules } from './schedule.ts';
import { type AliasSource, aliasList, aliasTables } from './source.ts';
import { aliasUsage } from './usage.ts';
import { AliasView, isTable, viewAlias } from './view.ts';

const Table = z.object({ name: z.string(), entries: z.int().nullable() });

export default defineTool({
  name: 'pf_alias_search',
  title: 'Aliases, tables, schedules',
  description:
    'Aliases: members, pf table against configuration, last download, use. address finds every alias and pf table (sshguard, bogons, pfBlocker) that holds it, inside networks too. kind lists pf tables that are no aliases, or schedules with whether they are active now. detailed: nesting resolved, where used.',
  toolset: 'rules',
  effect: 'read',
  complexity: 'firewall',
  isOpenWorld: true,
  input: z.strictObject({
    kind: z.enum(['alias', 'table', 'schedule']).default('alias'),
    text: z.string().max(200).optional().describe('Part of name, description or member'),
    address: z.string().max(60).optional().describe('Address or network that must be in it'),
    detail,
    ...pageInput,
    limit: pageInput.limit.default(12),
  }),
  output: z.object({
    aliases: z.array(AliasView).optional(),
    tables: z.array(Table).nullable().optional().describe('Tables of pf that are no aliases; null: not asked'),
    schedules: z.array(Schedule).optional(),
    ...pageOutput,
  }),
  async run(args, { box, note }) {
    const source = await box.call(aliasList, {});
    if (args.kind === 'schedule') return pageAs('schedules', schedules(source).filter(named(args.text)), args);
    if (source.tables === null) note('The tables of pf could not be read; this is the configuration alone.');
    const all = source.aliases.map(readAlias);
    const wanted = args.address === undefined ? undefined : readAddress(args.address);
    const holding = await tablesHolding(source, args.address, box, note);
    const others = otherTables(source, all).filter(
      ({ name }) => named(args.text)({ name }) && (wanted === undefined || holding.has(name)),
    );
    if (args.kind === 'table')
      return source.tables === null ? { tables: null, total: 0, shown: 0 } : pageAs('tables', others, args);
    const byName = new Map(all.map((alias) => [alias.name, alias]));
    const found = all
      .map((alias) => ({ alias, resolved: resolveMembers(alias, byName) }))
      .map((entry) => ({ ...entry, matchedBy: matches(entry, wanted, holding) }))
      .filter(({ alias, matchedBy }) => matchedBy?.length !== 0 && mentions(alias, args.text));
    const { part, facts: page } = pageOf(found, args);
    const contents = await contentsOf(part, source, box);
    const usage = aliasUsage(source, all);
    const views = part.map((entry) =>
      viewAlias(
        { ...entry, contents: own(contents, entry.alias.name), usedBy: usage.get(entry.alias.name) ?? [] },
        source,
        args.detail,
      ),
    );
    const { rows, facts } = fitPage(views, page, startOf(args));
    return {
      aliases: rows,
      ...(wanted === undefined ? {} : { tables: source.tables === null ? null : others }),
      ...facts,
    };
  },
});

function pageAs<K extends 'tables' | 'schedules', T>(
  key: K,
  items: readonly T[],
  request: Parameters<typeof pageOf>[1],
) {
  const { part, facts: page } = pageOf(items, request);
  const { rows, facts } = fitPage(part, page, startOf(request));
  return { [key]: rows, ...facts };
}

function named(text: string | undefined) {
  const wanted = text?.toLowerCase() ?? '';
  return ({ name }: { readonly name: string }): boolean => name.toLowerCase().includes(wanted);
}

function mentions({ name, description, members }: Alias, text: string | undefined): boolean {
  const wanted = text?.toLowerCase();
  return wanted === undefined || [name, description, ...members].some((field) => field.toLowerCase().includes(wanted));
}

function readAddress(text: string): AddressBlock {
  const block = readBlock(text);
  if (block !== undefined) return block;
  throw new PfsenseError('bad_input', 'address is neither an address nor a network.', { phase: 'input' });
}

function otherTables({ tables }: AliasSource, aliases: readonly Alias[]): z.output<typeof Table>[] {
  const names = new Set(aliases.map(({ name }) => name));
  return Object.entries(tables ?? {})
    .filter(([name]) => !names.has(name))
    .map(([name, entries]) => ({ name, entries }));
}

/** Tables in which pf finds the address: the truth for host names and downloaded lists. */
async function tablesHolding(
  { tables }: AliasSource,
  address: string | undefined,
  box: Box,
  note: (text: string) => void,
): Promise<ReadonlySet<string>> {
  if (address === undefined || tables === null) return new Set();
  if (!isAddress(address)) {
    note('Live tables are searched for single addresses only; for a network the members of the configuration count.');
    return new Set();
  }
  const request = { expected: {}, sample: 0, address, candidates: Object.keys(tables) };
  const { holding, untested } = await box.call(aliasTables, request);
  if (untested > 0) note(`${untested} tables were not searched: time was short.`);
  return new Set(holding);
}

interface Entry {
  readonly alias: Alias;
  readonly resolved: { readonly members: readonly string[] };
}

function matches({ alias, resolved }: Entry, wanted: AddressBlock | undefined, holding: ReadonlySet<string>) {
  if (wanted === undefined) return undefined;
  return [...membersHolding(resolved.members, wanted), ...(holding.has(alias.name) ? ['live table'] : [])];
}

/** Contents of the tables behind some aliases; empty when pf cannot be asked. */
async function contentsOf(entries: readonly Entry[], { tables }: AliasSource, box: Box) {
  if (tables === null) return {};
  const expected = Object.fromEntries(
    entries
      .filter(({ alias }) => isTable(alias) && Object.hasOwn(tables, alias.name))
      .map(({ alias, resolved }) => [alias.name, resolved.members.filter((member) => !isHostName(member))]),
  );
  if (Object.keys(expected).length === 0) return {};
  const { contents } = await box.call(aliasTables, { expected, sample: 60, address: '', candidates: [] });
  return contents;
}
