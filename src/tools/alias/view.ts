import { z } from 'zod';
import { own } from '../../core/own.ts';
import { type Alias, isHostName, type Resolved } from './members.ts';
import type { AliasSource, TableContents } from './source.ts';

/** What pf holds for an alias, next to what the configuration says. */
const Live = z.object({
  entries: z.int().nullable(),
  missing: z.array(z.string()).optional().describe('In the configuration, not in pf'),
  unexpected: z.array(z.string()).optional().describe('In pf only: from host names, lists, or put there by hand'),
  sample: z.array(z.string()).optional(),
});

export const AliasView = z.object({
  name: z.string(),
  type: z.string(),
  description: z.string(),
  members: z.array(z.string()),
  memberCount: z.int(),
  resolved: z.array(z.string()).optional().describe('Members with nested aliases resolved'),
  urls: z.array(z.string()).optional(),
  fetchedAt: z.string().nullable().optional().describe('When the list was last downloaded'),
  live: Live.nullable().describe('null: not a table in pf, or pf was not asked'),
  problems: z.array(z.string()).optional(),
  matchedBy: z.array(z.string()).optional().describe('Members or live table that hold the address'),
  usedBy: z.array(z.string()).optional(),
  uses: z.int(),
});
export type AliasView = z.output<typeof AliasView>;

export interface AliasFacts {
  readonly alias: Alias;
  readonly resolved: Resolved;
  readonly contents: TableContents | null | undefined;
  readonly usedBy: readonly string[];
  readonly matchedBy: readonly string[] | undefined;
}

/** Members and lists shown of one alias. */
const SHOWN = { concise: 6, detailed: 60 } as const;

/** One alias as it is shown. */
export function viewAlias(facts: AliasFacts, source: AliasSource, detail: keyof typeof SHOWN): AliasView {
  const { alias, resolved, usedBy, matchedBy } = facts;
  const most = SHOWN[detail];
  const isDetailed = detail === 'detailed';
  const problems = problemsOf(facts, source);
  return {
    name: alias.name,
    type: alias.type,
    description: alias.description,
    members: alias.members.slice(0, most).map((member, index) => describeMember(alias, member, index, detail)),
    memberCount: alias.members.length,
    ...(isDetailed && resolved.nested.length > 0 ? { resolved: resolved.members.slice(0, most) } : {}),
    ...(alias.urls.length > 0 ? { urls: alias.urls.slice(0, most) } : {}),
    ...(alias.type.startsWith('urltable') ? { fetchedAt: fetchedAt(alias, source) } : {}),
    live: liveOf(facts, source, most, detail),
    ...(problems.length > 0 ? { problems } : {}),
    ...(matchedBy === undefined ? {} : { matchedBy: [...matchedBy] }),
    ...(isDetailed ? { usedBy: usedBy.slice(0, most) } : {}),
    uses: usedBy.length,
  };
}

function describeMember(alias: Alias, member: string, index: number, detail: keyof typeof SHOWN): string {
  const text = alias.details[index];
  return detail === 'detailed' && text ? `${member} (${text})` : member;
}

function fetchedAt({ name }: Alias, { urlTables }: AliasSource): string | null {
  const file = own(urlTables ?? {}, name);
  return file === undefined ? null : new Date(file.fetched * 1000).toISOString();
}

/** Port aliases are macros of the rules, not tables. */
export function isTable({ type }: Alias): boolean {
  return !type.includes('port');
}

function liveOf(
  { alias, contents }: AliasFacts,
  { tables }: AliasSource,
  most: number,
  detail: keyof typeof SHOWN,
): z.output<typeof Live> | null {
  if (tables === null || !isTable(alias) || !Object.hasOwn(tables, alias.name)) return null;
  if (!contents) return { entries: tables[alias.name] ?? null };
  const { entries, missing, unexpected, sample } = contents;
  // What a downloaded list holds is not in the configuration, so everything in it would be unexpected.
  const isList = alias.type.startsWith('url');
  return {
    entries,
    ...(missing.length > 0 ? { missing: missing.slice(0, most) } : {}),
    ...(unexpected.length > 0 && !isList ? { unexpected: unexpected.slice(0, most) } : {}),
    ...(detail === 'detailed' && isList ? { sample: sample.slice(0, most) } : {}),
  };
}

function problemsOf({ alias, resolved, contents }: AliasFacts, { tables, urlTables }: AliasSource): string[] {
  if (!isTable(alias) || tables === null) return [];
  const hasOnlyNames = resolved.members.length > 0 && resolved.members.every(isHostName);
  const isUrlTable = alias.type === 'urltable';
  return [
    ...(isUrlTable && urlTables !== null && own(urlTables, alias.name) === undefined
      ? ['the list was never downloaded']
      : []),
    ...(isUrlTable && own(urlTables ?? {}, alias.name)?.bytes === 0 ? ['the downloaded list is empty'] : []),
    ...(Object.hasOwn(tables, alias.name) ? [] : ['pf has no such table: rules that use it are not loaded']),
    ...(hasOnlyNames && contents?.entries === 0 ? ['none of its host names resolves'] : []),
  ];
}
