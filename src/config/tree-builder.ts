import type { ConfigTree } from './model.ts';

interface OpenElement {
  readonly name: string;
  readonly tag: string;
  /** Set as soon as there is text; text after elements replaces them. */
  text: string | undefined;
  children: Map<string, ConfigTree | ConfigTree[]> | undefined;
}

/** Why pfSense cannot use a document; `rule` ends the sentence "The configuration cannot be used: …". */
export class RefusedDocument extends Error {
  readonly rule: string;
  constructor(rule: string) {
    super(rule);
    this.rule = rule;
  }
}

const MAX_DEPTH = 64;

/** Puts a tree together from tokens in the way of pfSense's handlers for elements and character data. */
export class TreeBuilder {
  readonly #listTags: ReadonlySet<string>;
  readonly #path: OpenElement[] = [];
  #root: { readonly tag: string; readonly tree: ConfigTree } | undefined;

  constructor(listTags: ReadonlySet<string>) {
    this.#listTags = listTags;
  }

  /** Whether the root element is open. */
  get isInside(): boolean {
    return this.#path.length > 0;
  }

  /** The root element, at the end of the document. */
  finish(): { readonly tag: string; readonly tree: ConfigTree } {
    if (!this.#root) throw new RefusedDocument('it ends too early');
    return this.#root;
  }

  open(name: string): void {
    const tag = name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
    const parent = this.#path.at(-1);
    if (parent) this.#announce(tag, parent);
    else if (this.#root) throw new RefusedDocument('it has more than one root element');
    if (this.#path.length > MAX_DEPTH) throw new RefusedDocument('it is nested too deeply');
    this.#path.push({ name, tag, text: undefined, children: undefined });
  }

  /** Reserves the child's place, so that children stay in the order in which they begin. */
  #announce(tag: string, parent: OpenElement): void {
    if (parent.text !== undefined) throw new RefusedDocument('an element stands behind text');
    parent.children ??= new Map();
    const isList = this.#listTags.has(tag);
    if (!parent.children.has(tag)) parent.children.set(tag, isList ? [] : '');
    else if (!isList) throw new RefusedDocument('an element occurs more than once that must not');
  }

  /** A piece of character data; pfSense trims every piece for itself, and decodes it afterwards. */
  text(piece: string, decode = (text: string) => text): void {
    const element = this.#path.at(-1);
    if (!element) throw new RefusedDocument('text stands outside of its root element');
    const trimmed = trimBreaks(piece);
    if (trimmed === '') return;
    if (element.text !== undefined) element.text += decode(trimmed);
    else if (/[^ ]/.test(trimmed)) {
      element.text = decode(trimmed);
      element.children = undefined;
    }
  }

  /** Ends the innermost element and tells what it holds. */
  close(name: string): ConfigTree {
    const element = this.#path.pop();
    if (element?.name !== name) throw new RefusedDocument('its elements do not close in order');
    const value = element.text ?? (element.children ? Object.fromEntries(element.children) : '');
    const parent = this.#path.at(-1);
    if (parent) this.#attach(element.tag, value, parent);
    else this.#root = { tag: element.tag, tree: value };
    return value;
  }

  /** Lower-case names from below the root to the innermost open element; `0` stands for the place in any list. */
  get path(): string[] {
    return this.#path.slice(1).flatMap(({ tag }) => (this.#listTags.has(tag) ? [tag, '0'] : [tag]));
  }

  #attach(tag: string, value: ConfigTree, parent: OpenElement): void {
    const list = parent.children?.get(tag);
    if (!Array.isArray(list)) parent.children?.set(tag, value);
    // pfSense drops an empty item, whatever stands beside it.
    else if (value !== '') list.push(value);
  }
}

/** Without tabs and line breaks at both ends; spaces stay. */
function trimBreaks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBreak(text, start)) start++;
  while (end > start && isBreak(text, end - 1)) end--;
  return text.slice(start, end);
}

function isBreak(text: string, position: number): boolean {
  const character = text[position];
  return character === '\t' || character === '\n' || character === '\r';
}
