import type { Parser } from './dialect.ts';
import { decodeEntities } from './entities.ts';
import { redactLeaf } from './secrets.ts';
import { type Step, walkConfigXml } from './xml.ts';

export interface RedactXmlOptions {
  readonly parser?: Parser;
  /** Applied to every value that is left after the secrets have gone. */
  readonly alsoReplace?: (text: string) => string;
}

/**
 * The same document with every secret replaced by its stand-in: what is read from it equals the redacted tree of the
 * original. Comments are emptied, and attributes, which pfSense does not read, are redacted like values.
 * @throws PfsenseError `config_unreadable`
 */
export function redactXml(text: string, { parser = 'auto', alsoReplace }: RedactXmlOptions = {}): string {
  const document = text.replace(/^\ufeff/, '');
  const redactor = new Redactor(document, (value, path) => {
    const clean = redactLeaf(value, path);
    return alsoReplace ? alsoReplace(clean) : clean;
  });
  walkConfigXml(document, parser, (step) => redactor.take(step));
  return redactor.finish();
}

type Redact = (value: string, path: readonly string[]) => string;

interface Frame {
  readonly path: readonly string[];
  /** Where the element's own text stands. */
  readonly places: { start: number; end: number }[];
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What is left of a comment. */
const GAP = '<!---->';

class Redactor {
  readonly #document: string;
  readonly #redact: Redact;
  readonly #frames: Frame[] = [];
  readonly #edits: Edit[] = [];
  #reached = 0;

  constructor(document: string, redact: Redact) {
    this.#document = document;
    this.#redact = redact;
  }

  take({ token, builder, value }: Step): void {
    const { position, end } = token;
    this.#skipTo(position);
    this.#reached = Math.max(this.#reached, end);
    if (token.kind === 'open') {
      this.#frames.push({ path: builder.path, places: [] });
      this.#cleanAttributes(position, end);
    } else if (token.kind === 'close') {
      const frame = this.#frames.pop();
      if (frame && typeof value === 'string') this.#replaceText(frame, value);
    } else {
      const places = this.#frames.at(-1)?.places;
      if (places && places.at(-1)?.start !== position) places.push({ start: position, end });
    }
  }

  finish(): string {
    this.#skipTo(this.#document.length);
    const edits = withSingleGaps(this.#edits.toSorted((a, b) => a.start - b.start));
    const kept = edits.map(({ start, text }, index) => {
      const from = edits[index - 1]?.end ?? 0;
      return this.#document.slice(from, start) + text;
    });
    return kept.join('') + this.#document.slice(edits.at(-1)?.end ?? 0);
  }

  /** Between two tokens stand only comments and instructions; something has to stay, or the texts around would join. */
  #skipTo(position: number): void {
    const gap = this.#document.slice(this.#reached, position);
    const isDeclaration = this.#reached === 0 && /^<\?xml[ \t\r\n][^?]*\?>$/.test(gap);
    if (gap === '' || isDeclaration) return;
    const declaration = this.#reached === 0 ? (/^<\?xml[ \t\r\n][^?]*\?>/.exec(gap)?.[0] ?? '') : '';
    this.#edits.push({ start: this.#reached, end: position, text: `${declaration}${GAP}` });
  }

  #cleanAttributes(start: number, end: number): void {
    const path = this.#frames.at(-1)?.path ?? [];
    for (const match of this.#document.slice(start, end).matchAll(/([^\s=]+)\s*=\s*("[^"]*"|'[^']*')/g)) {
      const [whole, name = '', quoted = ''] = match;
      const written = quoted.slice(1, -1);
      const value = decodeEntities(written, 'html');
      // A secret by the place of its element, or by its own name.
      const clean = this.#redact(this.#redact(value, path), [...path, name.toLowerCase()]);
      if (clean === value) continue;
      const at = start + match.index + whole.length - quoted.length + 1;
      this.#edits.push({ start: at, end: at + written.length, text: attributeText(clean) });
    }
  }

  #replaceText({ path, places }: Frame, value: string): void {
    const clean = this.#redact(value, path);
    if (clean === value) return;
    // Elements may not stand behind text, so the new text takes the last place of the old.
    places.forEach(({ start, end }, index) => {
      this.#edits.push({ start, end, text: index === places.length - 1 ? contentOf(clean) : '' });
    });
  }
}

/** One emptied comment where the texts between several were emptied as well: so it reads when it is done again. */
function withSingleGaps(edits: readonly Edit[]): Edit[] {
  let end = -1;
  let isBehindGap = false;
  return edits.map((edit) => {
    isBehindGap &&= edit.start === end;
    const text = isBehindGap && edit.text === GAP ? '' : edit.text;
    isBehindGap = text.endsWith(GAP) || (isBehindGap && text === '');
    end = edit.end;
    return { ...edit, text };
  });
}

/** Plain where nothing can go wrong; pfSense decodes entities inside CDATA, and trims line breaks before that. */
function contentOf(text: string): string {
  return /^[!-~](?:[ -~]*[!-~])?$/.test(text) && !/[&<>]/.test(text) ? text : `<![CDATA[${escapeText(text)}]]>`;
}

function attributeText(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;').replaceAll("'", '&apos;');
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/^[\t\r\n]+|[\t\r\n]+$|[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, (characters) =>
      Array.from(characters, (character) => `&#${character.codePointAt(0)};`).join(''),
    );
}
