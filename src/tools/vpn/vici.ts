import { own } from '../../core/own.ts';
/** A message of the IPsec daemon as `swanctl --raw` prints it: texts, lists of texts, sections. */
export type Vici = { readonly [key: string]: string | readonly string[] | Vici };

/**
 * Every security association by the name of its connection, in the order of the output. One name comes up often: mobile
 * clients share theirs, and during a rekey the old one is still there. Values may hold spaces (`remote-id=C=DE, O=Lab`),
 * so a value ends where the next name or a bracket begins.
 */
export function readVici(output: string): [name: string, sa: Vici][] {
  const events = [...output.matchAll(/^list-sas? event \{(.*)\}\s*$/gm)];
  return events.flatMap((match) => sectionsOf(readSection(tokensOf(match[1] ?? ''))));
}

type Token =
  | { readonly kind: 'open'; readonly name: string }
  | { readonly kind: 'close' }
  | { readonly kind: 'value'; readonly name: string; readonly value: string | readonly string[] };

/** Names of values are lower case, so that the parts of a distinguished name (`CN=`) are none. */
const NAME = '[a-z][a-z0-9-]*';
const SECTION = String.raw`[\w.:@%-]+`;
const TOKEN = new RegExp(
  String.raw`\s*(?:(\})|(${SECTION}) \{|(${NAME})=\[([^\]]*)\]|(${NAME})=(.*?)(?=\s*\}|\s+${NAME}=|\s+${SECTION} \{|\s*$))`,
  'y',
);

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [, close, section, list, items = '', name = '', value = ''] = match;
    if (close) tokens.push({ kind: 'close' });
    else if (section) tokens.push({ kind: 'open', name: section });
    else if (list) tokens.push({ kind: 'value', name: list, value: items.split(' ').filter((item) => item !== '') });
    else tokens.push({ kind: 'value', name, value });
    // A pattern that matched nothing would be asked for ever.
    if (TOKEN.lastIndex >= text.length) break;
  }
  return tokens;
}

function readSection(tokens: Token[]): Vici {
  const section: Record<string, string | readonly string[] | Vici> = {};
  for (let token = tokens.shift(); token && token.kind !== 'close'; token = tokens.shift())
    section[token.name] = token.kind === 'open' ? readSection(tokens) : token.value;
  return section;
}

export function sectionsOf(tree: Vici): [string, Vici][] {
  return Object.entries(tree).flatMap(([name, child]): [string, Vici][] => (isSection(child) ? [[name, child]] : []));
}

export function textOf(tree: Vici, name: string): string | undefined {
  const found = own(tree, name);
  return typeof found === 'string' ? found : undefined;
}

export function textsOf(tree: Vici, name: string): string[] {
  const found = own(tree, name);
  return found === undefined || typeof found === 'string' || isSection(found) ? [] : [...found];
}

export function sectionOf(tree: Vici, name: string): Vici {
  const found = own(tree, name);
  return found !== undefined && isSection(found) ? found : {};
}

function isSection(value: string | readonly string[] | Vici): value is Vici {
  return typeof value === 'object' && !Array.isArray(value);
}
