import { LATER_LIST_TAGS, LIST_TAGS } from './list-tags.ts';

/** Whose way of reading is followed: 2.9 is what pfSense's main branch does today. */
export const PARSERS = ['auto', '2.7', '2.8', '2.9'] as const;
export type Parser = (typeof PARSERS)[number];

export function isParser(name: string): name is Parser {
  return PARSERS.some((parser) => parser === name);
}

/** What differs between the versions of pfSense's parser. */
export interface Dialect {
  readonly listTags: ReadonlySet<string>;
  /** The entities that CDATA is decoded with: HTML 4.01 up to 2.8, XML since. */
  readonly entities: 'html' | 'xml';
}

const ALL_LIST_TAGS: ReadonlySet<string> = new Set([...LIST_TAGS, ...LATER_LIST_TAGS]);

const DIALECTS: Readonly<Record<Exclude<Parser, 'auto'>, Dialect>> = {
  '2.7': { listTags: LIST_TAGS, entities: 'html' },
  '2.8': { listTags: ALL_LIST_TAGS, entities: 'html' },
  '2.9': { listTags: ALL_LIST_TAGS, entities: 'xml' },
};

/** The dialect to read a document in; `auto` goes by the configuration version that the document states. */
export function dialectOf(text: string, parser: Parser): Dialect {
  return DIALECTS[parser === 'auto' ? releaseOf(text) : parser];
}

/**
 * 2.7.2 writes 23.3, and everything later came with the code of 2.8; 24.5 moved the configuration to XML's entities.
 * Without a version: the newest release.
 */
function releaseOf(text: string): Exclude<Parser, 'auto'> {
  const [, major = '24', minor = '0'] = /<version>\s*(\d{1,4})(?:\.(\d{1,4}))?\s*</i.exec(text.slice(0, 10_000)) ?? [];
  const isAtLeast = (wanted: number, part: number): boolean =>
    Number(major) > wanted || (Number(major) === wanted && Number(minor) >= part);
  if (isAtLeast(24, 5)) return '2.9';
  return isAtLeast(23, 4) ? '2.8' : '2.7';
}
