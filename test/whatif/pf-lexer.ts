/** A piece of a rules file. Words and numbers keep their text; quoted text is never a keyword. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'symbol' | 'newline' | 'end';
  readonly text: string;
  readonly line: number;
}

/** Something in a rules file that pf would refuse, or that this reader does not know. */
export class PfSyntaxError extends Error {
  readonly line: number;
  constructor(line: number, problem: string) {
    super(`line ${line}: ${problem}`);
    this.line = line;
  }
}

const SPACE = /(?:[ \t\r]|\\\n)+/y;
const COMMENT = /#[^\n]*/y;
const MACRO = /\$([A-Za-z0-9_]+)/y;
const QUOTED = /"((?:\\[^\n]|[^"\\\n])*)"|'([^'\n]*)'/y;
const SYMBOL = /->|><|<>|!=|<=|>=|[(){}<>!=/,]|-(?![A-Za-z0-9_:])/y;
const WORD = /[A-Za-z0-9:_][A-Za-z0-9:_.\-*@%&+;?[\]^`|~'"$\\]*/y;

const MAX_MACRO_DEPTH = 32;

/**
 * Splits a rules file into tokens as pfctl's reader does: macros are replaced by their text, which is read again, and
 * a definition `name = value` is taken out.
 */
export function tokenize(text: string): Token[] {
  const macros = new Map<string, string>();
  const tokens: Token[] = [];
  let statement: Token[] = [];
  for (const token of scan(text, 1, macros, 0)) {
    statement.push(token);
    if (token.kind !== 'newline' && token.kind !== 'end') continue;
    if (!takeDefinition(statement, macros)) tokens.push(...statement);
    statement = [];
  }
  return tokens;
}

/** Lazily, so that a macro is known to the statement behind its definition. */
function* scan(text: string, firstLine: number, macros: ReadonlyMap<string, string>, depth: number): Generator<Token> {
  let at = 0;
  let line = firstLine;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  while (at < text.length) {
    const space = match(SPACE) ?? match(COMMENT);
    const found = space ?? match(MACRO) ?? match(QUOTED) ?? match(SYMBOL) ?? match(WORD);
    if (text[at] === '\n') yield { kind: 'newline', text: '\n', line };
    else if (!found) throw new PfSyntaxError(line, `unexpected character ${JSON.stringify(text[at])}`);
    else if (!space) yield* tokensOf(found, line, macros, depth);
    const taken = found && text[at] !== '\n' ? found[0] : '\n';
    at += taken.length;
    if (depth === 0) line += taken.split('\n').length - 1;
  }
  if (depth === 0) yield { kind: 'end', text: '', line };
}

function* tokensOf(
  found: RegExpExecArray,
  line: number,
  macros: ReadonlyMap<string, string>,
  depth: number,
): Generator<Token> {
  const [text] = found;
  if (text.startsWith('$')) {
    const value = macros.get(text.slice(1));
    if (value === undefined) throw new PfSyntaxError(line, `macro ${text} is not defined`);
    if (depth > MAX_MACRO_DEPTH) throw new PfSyntaxError(line, `macro ${text} is nested too deeply`);
    yield* scan(value, line, macros, depth + 1);
  } else if (/^["']/.test(text)) {
    yield { kind: 'quoted', text: (found[1] ?? found[2] ?? '').replace(/\\(.)/g, '$1'), line };
  } else {
    yield { kind: /^[A-Za-z0-9:_]/.test(text) ? 'word' : 'symbol', text, line };
  }
}

/** Whether a statement was `name = value`; then its value is known from here on. */
function takeDefinition(statement: readonly Token[], macros: Map<string, string>): boolean {
  const [name, equals, ...values] = statement.slice(0, -1);
  if (name?.kind !== 'word' || equals?.text !== '=' || equals.kind !== 'symbol') return false;
  if (values.length === 0 || values.some(({ kind }) => kind === 'symbol')) {
    throw new PfSyntaxError(name.line, `the value of macro ${name.text} cannot be read`);
  }
  macros.set(name.text, values.map(({ text }) => text).join(' '));
  return true;
}
