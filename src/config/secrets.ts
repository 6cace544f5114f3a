import { isPseudonym, pseudonym } from '../core/pseudonym.ts';
import { redactRandom } from '../core/random.ts';
import { redactText } from '../core/redact.ts';
import { isPublicName, isSecretName, SECRET_NAME, SECRET_NAMES } from '../core/secret-names.ts';
import { type ConfigTree, isList } from './model.ts';

export { SECRET_NAME, SECRET_NAMES as SECRET_TAGS };

/** Secrets by their place, where the name alone says too little. Indexes of lists are left out. */
export const SECRET_PATHS: readonly string[] = [
  'notifications/slack/api',
  'notifications/telegram/api',
  // user:base64(password):address …
  'pppoes/pppoe/username',
  'dyndnses/dyndns/updateurl',
  'system/gitsync/repositoryurl',
];

/**
 * Places (names joined by slashes, without indexes) below which everything is a secret: what ACME knows of a DNS provider
 * has names of the provider's own. Read by PHP as well.
 */
export const SECRET_PLACE = '^installedpackages/acme[^/]*/(?:[^/]+/)*dns';

const SECRET_PLACE_EXPRESSION = new RegExp(SECRET_PLACE);

/** Is what stands at this path (lower-case names and indexes), or the section around it, a secret? */
export function isSecretPath(path: readonly string[]): boolean {
  const place = path.filter((part) => !/^\d+$/.test(part)).join('/');
  return path.some(isSecretName) || SECRET_PATHS.includes(place) || SECRET_PLACE_EXPRESSION.test(place);
}

function nameOf(path: readonly string[]): string {
  return path.findLast((part) => !/^\d+$/.test(part)) ?? '';
}

/** The tree with every secret replaced by a pseudonym that shows equality and nothing else. */
export function redactTree(tree: ConfigTree, path: readonly string[] = []): ConfigTree {
  if (typeof tree === 'string') return redactLeaf(tree, path);
  if (isList(tree)) return tree.map((item, index) => redactTree(item, [...path, String(index)]));
  return Object.fromEntries(Object.entries(tree).map(([name, child]) => [name, redactTree(child, [...path, name])]));
}

/** One value at its place, as `redactTree` shows it. */
export function redactLeaf(text: string, path: readonly string[]): string {
  if (text === '' || isPseudonym(text)) return text;
  if (isSecretPath(path)) return pseudonym(nameOf(path).slice(0, 30), text);
  const clean = redactText(text);
  return isPublicName(nameOf(path)) ? clean : redactRandom(clean);
}
