import { addressReplacer } from '../config/addresses.ts';
import { isParser, PARSERS, type Parser } from '../config/dialect.ts';
import { diffConfigs } from '../config/diff.ts';
import { changeText } from '../config/diff-text.ts';
import { phpJson } from '../config/php-json.ts';
import { redactXml } from '../config/redact-xml.ts';
import { redactTree } from '../config/secrets.ts';
import { unifiedDiff } from '../config/unified-diff.ts';
import { parseConfigXml } from '../config/xml.ts';
import { PfsenseError } from '../core/errors.ts';
import { cleanText } from '../core/untrusted.ts';
import { readDocument } from './config-document.ts';

export interface ConfigOptions {
  readonly parser?: string;
  readonly addresses?: boolean;
  readonly format?: string;
}

/** A terminal is no place for more of one value, in characters. */
const MAX_SHOWN_CHARS = 4_000;

const FORMATS = ['text', 'json', 'unified'] as const;

/** Prints each file as PHP's `json_encode` of pfSense's own reading would, one line a file; secrets are in it. */
export function parse(files: readonly string[], options: ConfigOptions): void {
  const parser = parserOf(options);
  for (const file of files) process.stdout.write(`${phpJson(parseConfigXml(readDocument(file), parser))}\n`);
}

/** Prints the document without its secrets, and with `--addresses` without its addresses. */
export function redact(file: string, options: ConfigOptions): void {
  const alsoReplace = options.addresses ? { alsoReplace: addressReplacer() } : {};
  process.stdout.write(redactXml(readDocument(file), { parser: parserOf(options), ...alsoReplace }));
}

/** Prints what changed between two files, without secrets. */
export function diff(before: string, after: string, options: ConfigOptions): void {
  const parser = parserOf(options);
  const format = FORMATS.find((known) => known === (options.format ?? 'text'));
  if (!format) throw usage(`--format is one of ${FORMATS.join(', ')}.`);
  const [a, b] = [readDocument(before), readDocument(after)];
  process.stdout.write(format === 'unified' ? unified(a, b, parser) : semantic(a, b, parser, format));
}

function semantic(a: string, b: string, parser: Parser, format: 'text' | 'json'): string {
  const [before, after] = [a, b].map((document) => redactTree(parseConfigXml(document, parser)));
  const changes = diffConfigs(before ?? '', after ?? '');
  if (format === 'json') return `${JSON.stringify(changes, (_key, value) => clean(value))}\n`;
  return changes.length === 0 ? 'no changes\n' : changes.map((change) => `${clean(changeText(change))}\n`).join('');
}

function clean<T>(value: T): T | string {
  return typeof value === 'string' ? cleanText(value, MAX_SHOWN_CHARS) : value;
}

function unified(a: string, b: string, parser: Parser): string {
  const [before = '', after = ''] = [a, b].map((document) => redactXml(document, { parser }));
  const text = unifiedDiff(before, after, ['before', 'after']);
  if (text !== undefined) return text.split('\n').map(clean).join('\n');
  throw new PfsenseError('reply_too_large', 'The files differ too much for a unified diff.', {
    phase: 'run',
    hint: 'Use --format text.',
  });
}

function parserOf({ parser = 'auto' }: ConfigOptions): Parser {
  if (isParser(parser)) return parser;
  throw usage(`--parser is one of ${PARSERS.join(', ')}.`);
}

function usage(message: string): PfsenseError {
  return new PfsenseError('bad_input', message, { phase: 'input' });
}
