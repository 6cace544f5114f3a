import { XML_ENTITIES, xmlCharacter } from './entities.ts';

/** One step through a document, in the pieces in which libxml hands them to pfSense's parser. */
export type Token =
  | { readonly kind: 'open'; readonly name: string }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text' | 'reference' | 'cdata'; readonly text: string };

/** Not well-formed, at this position. */
export class MalformedXml extends Error {
  readonly position: number;
  constructor(position: number) {
    super('not well-formed XML');
    this.position = position;
  }
}

const SPACE = '[ \\t\\r\\n]';
const NAME_START =
  ':A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f' +
  '\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}';
const NAME = `[${NAME_START}][${NAME_START}.0-9\\u00b7\\u0300-\\u036f\\u203f\\u2040-]*`;
const QUOTED = `(?:"[^<"]*"|'[^<']*')`;
const ATTRIBUTE = `${SPACE}+${NAME}${SPACE}*=${SPACE}*${QUOTED}`;

const sticky = (source: string): RegExp => new RegExp(source, 'uy');
const DECLARATION = sticky(
  `<\\?xml${SPACE}+version${SPACE}*=${SPACE}*(?:"1\\.\\d+"|'1\\.\\d+')(?:${SPACE}+encoding${SPACE}*=${SPACE}*["'](?:[uU][tT][fF]-8|[uU][sS]-[aA][sS][cC][iI][iI])["'])?(?:${SPACE}+standalone${SPACE}*=${SPACE}*["'](?:yes|no)["'])?${SPACE}*\\?>`,
);
const TEXT = sticky('[^<&]+');
const REFERENCE = sticky('&(amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);');
const OPEN = sticky(`<(${NAME})((?:${ATTRIBUTE})*)${SPACE}*(/?)>`);
const CLOSE = sticky(`</(${NAME})${SPACE}*>`);
const CDATA = sticky('<!\\[CDATA\\[([^]*?)\\]\\]>');
const COMMENT = sticky('<!--([^]*?)-->');
const INSTRUCTION = sticky(`<\\?(${NAME})(?:${SPACE}[^]*?)?\\?>`);

/** Characters that no XML document may hold. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Where a token stands in the document; the pieces of one text share their place. */
export interface Place {
  readonly position: number;
  readonly end: number;
}

/**
 * The tokens of a document without a DOCTYPE. Nesting is for the caller to check.
 * @throws MalformedXml where XML 1.0 does not allow what stands there
 */
export function* tokensOf(document: string): Generator<Token & Place> {
  const forbidden = document.search(FORBIDDEN);
  if (forbidden >= 0) throw new MalformedXml(forbidden);
  let position = /^<\?xml[ \t\r\n]/.test(document) ? lengthAt(DECLARATION, document, 0) : 0;
  while (position < document.length) {
    const { length, tokens } = readAt(document, position);
    const end = position + length;
    for (const token of tokens) yield Object.assign(token, { position, end });
    position = end;
  }
}

interface Reading {
  readonly length: number;
  readonly tokens: readonly Token[];
}

function readAt(document: string, position: number): Reading {
  const first = document[position];
  if (first === '&') return readReference(document, position);
  if (first !== '<') return readText(document, position);
  const second = document[position + 1];
  if (second === '/') return readClose(document, position);
  if (second === '!') return readDeclaration(document, position);
  return second === '?' ? readInstruction(document, position) : readOpen(document, position);
}

function readText(document: string, position: number): Reading {
  const [text] = matchAt(TEXT, document, position);
  if (text.includes(']]>')) throw new MalformedXml(position);
  return { length: text.length, tokens: piecesOf(text).map((piece) => ({ kind: 'text', text: piece })) };
}

function readReference(document: string, position: number): Reading {
  const [whole, name = ''] = matchAt(REFERENCE, document, position);
  const text = XML_ENTITIES.get(name) ?? xmlCharacter(name);
  if (text === undefined) throw new MalformedXml(position);
  return { length: whole.length, tokens: [{ kind: 'reference', text }] };
}

function readOpen(document: string, position: number): Reading {
  const [whole, name = '', attributes = '', slash] = matchAt(OPEN, document, position);
  if (attributes !== '') checkAttributes(attributes, position);
  const open: Token = { kind: 'open', name };
  return { length: whole.length, tokens: slash === '/' ? [open, { kind: 'close', name }] : [open] };
}

/** pfSense drops attributes; their names must differ and their references be good all the same. */
function checkAttributes(attributes: string, position: number): void {
  const names = [...attributes.matchAll(new RegExp(`(${NAME})${SPACE}*=${SPACE}*${QUOTED}`, 'gu'))].map(
    ([, name]) => name,
  );
  if (new Set(names).size !== names.length) throw new MalformedXml(position);
  for (const { index } of attributes.matchAll(/&/g)) readReference(attributes, index);
}

function readClose(document: string, position: number): Reading {
  const [whole, name = ''] = matchAt(CLOSE, document, position);
  return { length: whole.length, tokens: [{ kind: 'close', name }] };
}

function readDeclaration(document: string, position: number): Reading {
  if (document.startsWith('<![', position)) {
    const [whole, text = ''] = matchAt(CDATA, document, position);
    return { length: whole.length, tokens: [{ kind: 'cdata', text }] };
  }
  const [whole, comment = ''] = matchAt(COMMENT, document, position);
  if (comment.includes('--') || comment.endsWith('-')) throw new MalformedXml(position);
  return { length: whole.length, tokens: [] };
}

function readInstruction(document: string, position: number): Reading {
  const [whole, target = ''] = matchAt(INSTRUCTION, document, position);
  if (/^xml$/i.test(target)) throw new MalformedXml(position);
  return { length: whole.length, tokens: [] };
}

function lengthAt(pattern: RegExp, document: string, position: number): number {
  return matchAt(pattern, document, position)[0].length;
}

function matchAt(pattern: RegExp, document: string, position: number): RegExpExecArray {
  pattern.lastIndex = position;
  const match = pattern.exec(document);
  if (!match) throw new MalformedXml(position);
  return match;
}

/** Where libxml leaves its fast lane for ASCII: at a lone CR, at other characters, and so after a CR LF. */
const SLOW_LANE = /(?<=\r)\n(?=\r|[^\0-\x7f])|\r(?!\n)|[^\0-\x7f]/;
const SLOW_PIECE_BYTES = 300;

/**
 * The pieces in which libxml reports a text. It matters because pfSense trims each of them: a line break at the edge
 * of a piece vanishes. (Borders of the 4,096 bytes that pfSense reads at a time are not followed.)
 */
function piecesOf(text: string): string[] {
  const border = text.search(SLOW_LANE);
  if (border < 0) return text.split('\r\n');
  return [...text.slice(0, border).split('\r\n'), ...slowPieces(text.slice(border).replace(/\r\n?/g, '\n'))];
}

function slowPieces(text: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  let bytes = 0;
  for (const character of text) {
    piece += character;
    bytes += Buffer.byteLength(character);
    if (bytes < SLOW_PIECE_BYTES) continue;
    pieces.push(piece);
    piece = '';
    bytes = 0;
  }
  return [...pieces, piece];
}
