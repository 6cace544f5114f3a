import type { ConfigTree } from './model.ts';

/** The tree as PHP's `json_encode` writes it without flags: `\/`, and `\uXXXX` for everything beyond ASCII. */
export function phpJson(tree: ConfigTree): string {
  return JSON.stringify(tree).replace(/[/\u0080-\uffff]/g, (character) =>
    character === '/' ? '\\/' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
