import { PfSyntaxError, type Token } from './pf-lexer.ts';

/** A place in a list of tokens, with the questions that a grammar asks there. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get line(): number {
    return this.#current.line;
  }

  get #current(): Token {
    const token = this.#tokens[this.#at] ?? this.#tokens.at(-1);
    if (!token) throw new PfSyntaxError(0, 'nothing to read');
    return token;
  }

  /** Whether a keyword or symbol stands here (`ahead` 1: at the next place). */
  is(text: string, ahead = 0): boolean {
    const token = this.#tokens[this.#at + ahead];
    return token !== undefined && token.kind !== 'quoted' && token.text === text;
  }

  isEnd(): boolean {
    return this.#current.kind === 'end';
  }

  isEndOfStatement(): boolean {
    return this.#current.kind === 'newline' || this.isEnd();
  }

  /** Takes a keyword or symbol if it stands here. */
  take(text: string): boolean {
    const found = this.is(text);
    if (found) this.#at += 1;
    return found;
  }

  expect(text: string): void {
    if (!this.take(text)) this.fail(`${text} expected`);
  }

  /** The text of the token that stands here. */
  peek(): string {
    return this.#current.text;
  }

  /** A word or a quoted text. */
  text(what: string): string {
    const { kind, text } = this.#current;
    if (kind !== 'word' && kind !== 'quoted') this.fail(`${what} expected`);
    this.#at += 1;
    return text;
  }

  /** The first of these keywords, if one stands here. */
  oneOf<K extends string>(...keywords: readonly K[]): K | undefined {
    return keywords.find((keyword) => this.take(keyword));
  }

  /** One item, or a list in braces; lists may stand in lists, and commas are optional. */
  list<T>(item: () => T): T[] {
    if (!this.take('{')) return [item()];
    const found: T[] = [];
    this.skipNewlines();
    while (!this.take('}')) {
      found.push(...this.list(item));
      this.take(',');
      this.skipNewlines();
    }
    if (found.length === 0) this.fail('a list is empty');
    return found;
  }

  skipNewlines(): void {
    while (this.#current.kind === 'newline') this.#at += 1;
  }

  skipStatement(): void {
    while (!this.isEndOfStatement()) this.#at += 1;
  }

  endOfStatement(): void {
    if (!this.isEndOfStatement()) this.fail('not known here');
    if (!this.isEnd()) this.#at += 1;
  }

  fail(problem: string): never {
    throw new PfSyntaxError(this.line, `${problem} at ${JSON.stringify(this.#current.text)}`);
  }
}
