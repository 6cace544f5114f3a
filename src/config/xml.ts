import { type X2jOptions, XMLParser, XMLValidator } from 'fast-xml-parser';
import { PfsenseError } from '../core/errors.ts';
import { LATER_LIST_TAGS, LIST_TAGS } from './list-tags.ts';
import type { ConfigTree } from './model.ts';

const MAX_BYTES = 32 * 1024 * 1024;
const MAX_DEPTH = 64;
const TEXT = '#text';

const OPTIONS: X2jOptions = {
  preserveOrder: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  trimValues: true,
  // pfSense encodes entities inside CDATA as well, so both are decoded in the same way afterwards.
  processEntities: false,
};

/** An element in document order, as fast-xml-parser gives it with `preserveOrder`. */
type Node = Record<string, unknown>;

/**
 * What lies below `<pfsense>`, read as pfSense reads it.
 * @throws PfsenseError `config_unreadable` for anything that pfSense would refuse, and for a DOCTYPE.
 */
export function parseConfigXml(text: string): ConfigTree {
  if (text.length > MAX_BYTES) throw unreadable('it is too large');
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw unreadable('it declares a DOCTYPE or entities');
  const validity = XMLValidator.validate(text);
  if (validity !== true) throw unreadable(`line ${validity.err.line} is not well-formed XML`);
  const root = childNodes(parseNodes(text)).find((node) => tagOf(node)?.toLowerCase() === 'pfsense');
  if (!root) throw unreadable('its root element is not pfsense');
  return readSection(childNodes(root[tagOf(root) ?? '']), listTagsOf(text), 0);
}

function parseNodes(text: string): unknown {
  try {
    return new XMLParser(OPTIONS).parse(text);
  } catch (cause) {
    // The parser refuses element names that objects inherit; pfSense has none of them.
    throw unreadable('an element has a name that is not allowed', cause);
  }
}

/** 2.8 (configuration version 24) added list tags. */
function listTagsOf(text: string): ReadonlySet<string> {
  const version = Number(/<version>\s*([\d.]+)\s*<\/version>/.exec(text.slice(0, 10_000))?.[1] ?? 24);
  return version < 24 ? LIST_TAGS : new Set([...LIST_TAGS, ...LATER_LIST_TAGS]);
}

function readSection(nodes: readonly Node[], listTags: ReadonlySet<string>, depth: number): ConfigTree {
  if (depth > MAX_DEPTH) throw unreadable('it is nested too deeply');
  const elements = nodes.filter((node) => tagOf(node) !== TEXT);
  if (elements.length === 0) return decodeEntities(textOf(nodes));
  const section = new Map<string, ConfigTree | ConfigTree[]>();
  for (const node of elements) addElement(section, node, listTags, depth);
  return Object.fromEntries(section);
}

function addElement(
  section: Map<string, ConfigTree | ConfigTree[]>,
  node: Node,
  listTags: ReadonlySet<string>,
  depth: number,
): void {
  const raw = tagOf(node) ?? '';
  const tag = raw.toLowerCase();
  const value = readSection(childNodes(node[raw]), listTags, depth + 1);
  const present = section.get(tag);
  if (!listTags.has(tag)) {
    if (present !== undefined) throw unreadable(`element ${tag} occurs more than once`);
    section.set(tag, value);
    return;
  }
  const list = Array.isArray(present) ? present : [];
  // A single empty element under a list tag is an empty list.
  if (value !== '') list.push(value);
  section.set(tag, list);
}

function tagOf(node: Node): string | undefined {
  return Object.keys(node).find((key) => key !== ':@');
}

function childNodes(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter((item): item is Node => typeof item === 'object' && item !== null) : [];
}

function textOf(nodes: readonly Node[]): string {
  return nodes
    .map((node) => String(node[TEXT] ?? ''))
    .join('')
    .trim();
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,10}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}

function unreadable(why: string, cause?: unknown): PfsenseError {
  const message = `The configuration cannot be used: ${why}.`;
  return new PfsenseError('config_unreadable', message, { phase: 'reply', ...(cause === undefined ? {} : { cause }) });
}
