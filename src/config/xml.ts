import { XMLValidator } from 'fast-xml-parser';
import { PfsenseError } from '../core/errors.ts';
import { type Dialect, dialectOf, type Parser } from './dialect.ts';
import { decodeEntities } from './entities.ts';
import type { ConfigTree } from './model.ts';
import { MalformedXml, type Place, type Token, tokensOf } from './tokens.ts';
import { RefusedDocument, TreeBuilder } from './tree-builder.ts';

const MAX_CHARS = 32 * 1024 * 1024;

/**
 * What lies below `<pfsense>`, read as pfSense reads it. `auto` follows the version that the document states.
 * @throws PfsenseError `config_unreadable` for anything that pfSense would refuse, and for a DOCTYPE.
 */
export function parseConfigXml(text: string, parser: Parser = 'auto'): ConfigTree {
  return walkConfigXml(text, parser, () => undefined);
}

/** A piece of the document where it stands, in the state in which it left the builder. */
export interface Step {
  readonly token: Token & Place;
  readonly builder: TreeBuilder;
  /** What the element holds that ends here. */
  readonly value: ConfigTree | undefined;
}

/**
 * Reads like `parseConfigXml` and shows every step on the way; positions count from behind a byte order mark.
 * @throws PfsenseError `config_unreadable`
 */
export function walkConfigXml(text: string, parser: Parser, onStep: (step: Step) => void): ConfigTree {
  if (text.length > MAX_CHARS) throw unreadable('it is too large');
  if (/^-{2,} BEGIN config\.xml/.test(text.trimStart())) throw unreadable('it is an encrypted backup');
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw unreadable('it declares a DOCTYPE or entities');
  const validity = XMLValidator.validate(text);
  // A second reader: what only one of two takes for XML is not read at all.
  if (validity !== true) throw unreadable(`line ${validity.err.line} is not well-formed XML`);
  const root = read(text.replace(/^\ufeff/, ''), dialectOf(text, parser), onStep);
  if (root.tag !== 'pfsense') throw unreadable('its root element is not pfsense');
  if (root.tree === '' || root.tree === '0') throw unreadable('it is empty');
  return root.tree;
}

function read(document: string, dialect: Dialect, onStep: (step: Step) => void): ReturnType<TreeBuilder['finish']> {
  const builder = new TreeBuilder(dialect.listTags);
  // pfSense writes entities inside CDATA as well; elsewhere XML has resolved them.
  const decode = (piece: string): string => decodeEntities(piece, dialect.entities);
  let at = 0;
  try {
    for (const token of tokensOf(document)) {
      at = token.position;
      let value: ConfigTree | undefined;
      if (token.kind === 'open') builder.open(token.name);
      else if (token.kind === 'close') value = builder.close(token.name);
      else if (builder.isInside || !isSpace(token))
        builder.text(token.text, token.kind === 'cdata' ? decode : undefined);
      onStep({ token, builder, value });
    }
    return builder.finish();
  } catch (cause) {
    throw refusal(cause, document, at);
  }
}

function isSpace(token: Token): boolean {
  return token.kind === 'text' && /^[ \t\r\n]*$/.test(token.text);
}

function refusal(cause: unknown, document: string, at: number): unknown {
  if (cause instanceof MalformedXml)
    return unreadable(`line ${lineOf(document, cause.position)} is not well-formed XML`);
  return cause instanceof RefusedDocument ? unreadable(`${cause.rule} (line ${lineOf(document, at)})`) : cause;
}

function lineOf(document: string, position: number): number {
  return document.slice(0, position).split('\n').length;
}

function unreadable(why: string): PfsenseError {
  return new PfsenseError('config_unreadable', `The configuration cannot be used: ${why}.`, { phase: 'reply' });
}
