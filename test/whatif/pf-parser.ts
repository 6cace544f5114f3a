import { readHost } from './pf-endpoint.ts';
import { readAntispoof, readFilterRule } from './pf-filter-rule.ts';
import { tokenize } from './pf-lexer.ts';
import { TokenReader } from './pf-reader.ts';
import type { Anchor, Antispoof, FilterRule, Ruleset, Table, TranslationRule } from './pf-syntax.ts';
import { readTranslationRule } from './pf-translation-rule.ts';

interface Draft {
  readonly tables: Map<string, Table>;
  readonly skipped: string[];
  readonly translations: (TranslationRule | Anchor)[];
  readonly filters: (FilterRule | Antispoof | Anchor)[];
}

type ReadStatement = (reader: TokenReader, draft: Draft) => void;

const filterRule: ReadStatement = (reader, draft) => draft.filters.push(readFilterRule(reader));
const translationRule: ReadStatement = (reader, draft) => draft.translations.push(readTranslationRule(reader));

const STATEMENTS: Readonly<Record<string, ReadStatement>> = {
  set: (reader, draft) => draft.skipped.push(...readSetting(reader)),
  scrub: (reader) => reader.skipStatement(),
  table: (reader, draft) => readTable(reader, draft.tables),
  pass: filterRule,
  block: filterRule,
  match: filterRule,
  antispoof: (reader, draft) => draft.filters.push(readAntispoof(reader)),
  anchor: (reader, draft) => draft.filters.push(readAnchor(reader, 'anchor')),
  no: translationRule,
  nat: translationRule,
  rdr: translationRule,
  binat: translationRule,
  'nat-anchor': (reader, draft) => draft.translations.push(readAnchor(reader, 'nat-anchor')),
  'rdr-anchor': (reader, draft) => draft.translations.push(readAnchor(reader, 'rdr-anchor')),
  'binat-anchor': (reader, draft) => draft.translations.push(readAnchor(reader, 'binat-anchor')),
};

/**
 * Reads what pfSense gives to pfctl. Everything that is not known is a {@link PfSyntaxError}, because a rule that is
 * passed over would change what the rules around it mean.
 */
export function parseRules(text: string): Ruleset {
  const reader = new TokenReader(tokenize(text));
  const draft: Draft = { tables: new Map(), skipped: [], translations: [], filters: [] };
  for (reader.skipNewlines(); !reader.isEnd(); reader.skipNewlines()) {
    const statement = Object.hasOwn(STATEMENTS, reader.peek()) ? STATEMENTS[reader.peek()] : undefined;
    if (!statement) reader.fail('unknown statement');
    else statement(reader, draft);
    reader.endOfStatement();
  }
  return { ...draft, undefinedTables: undefinedTables(draft) };
}

/** Settings that decide nothing about a packet; an unknown one might. */
const IDLE_SETTINGS = new Set([
  'limit',
  'optimization',
  'timeout',
  'state-policy',
  'loginterface',
  'keepcounters',
  'hostid',
  'ruleset-optimization',
  'debug',
  'block-policy',
]);

/** Devices behind `set skip on`. */
function readSetting(reader: TokenReader): string[] {
  reader.expect('set');
  if (!reader.take('skip')) {
    if (!IDLE_SETTINGS.has(reader.peek())) reader.fail('unknown setting');
    reader.skipStatement();
    return [];
  }
  reader.expect('on');
  return reader.list(() => reader.text('a device'));
}

/** `table <x> persist { … } file "…"`; a second definition replaces the first. */
function readTable(reader: TokenReader, tables: Map<string, Table>): void {
  reader.expect('table');
  reader.expect('<');
  const name = reader.text('a table');
  reader.expect('>');
  const table: { entries: Table['entries']; files: string[] } = { entries: [], files: [] };
  while (!reader.isEndOfStatement()) {
    if (reader.oneOf('persist', 'counters', 'const')) continue;
    if (reader.take('file')) table.files.push(reader.text('a file'));
    else table.entries = [...table.entries, ...readEntries(reader)];
  }
  tables.set(name, table);
}

/** Unlike other lists, that of a table may be empty. */
function readEntries(reader: TokenReader): Table['entries'] {
  if (!reader.is('{')) reader.fail('unknown option of a table');
  if (!reader.is('}', 1)) return reader.list(() => readHost(reader));
  reader.expect('{');
  reader.expect('}');
  return [];
}

/** Only a reference to rules that stand elsewhere; pfSense writes none with conditions or with a body. */
function readAnchor(reader: TokenReader, kind: Anchor['kind']): Anchor {
  const { line } = reader;
  reader.expect(kind);
  return { kind, line, name: reader.text('an anchor') };
}

function undefinedTables({ tables, translations, filters }: Draft): ReadonlySet<string> {
  const rules = [...translations, ...filters].filter((rule) => 'from' in rule);
  const names = rules.flatMap(({ from, to }) => [...from.hosts, ...to.hosts]).flatMap((host) => tableOf(host));
  return new Set(names.filter((name) => !tables.has(name)));
}

function tableOf(host: Table['entries'][number]): string[] {
  return host.kind === 'table' ? [host.name] : [];
}
