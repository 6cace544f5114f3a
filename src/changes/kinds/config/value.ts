import { z } from 'zod';
import { LATER_LIST_TAGS, LIST_TAGS } from '../../../config/list-tags.ts';
import { type ConfigTree, isList } from '../../../config/model.ts';
import { isSecretPath, redactLeaf } from '../../../config/secrets.ts';
import { sectionOf } from '../../../config/update.ts';
import { refused } from '../../kind.ts';
import { NAME } from './place.ts';

export const Value: z.ZodType<ConfigTree> = z.lazy(() =>
  z.union([z.string(), z.array(Value), z.record(z.string(), Value)]),
);

const MAX_CHARS = 20_000;
const MAX_DEPTH = 12;

/**
 * Whether a value reads back as it is written, and holds nothing that must not be shown. What takes the place of an item
 * is no list, although its name is that of one.
 * @throws PfsenseError `bad_input`
 */
export function checkValue(value: ConfigTree, names: readonly string[], isItem: boolean): void {
  if (JSON.stringify(value).length > MAX_CHARS) throw refused(`value: more than ${MAX_CHARS} characters.`);
  if (isItem) checkItem(value, names);
  else checkNode(value, names);
}

function checkNode(value: ConfigTree, names: readonly string[]): void {
  const [name = '', place] = [names.at(-1), names.join('/')];
  if (names.length > MAX_DEPTH) throw refused(`value: more than ${MAX_DEPTH} sections in each other.`);
  if (LATER_LIST_TAGS.has(name)) throw refused(`value: versions of pfSense read ${name} differently.`);
  if (isList(value) !== LIST_TAGS.has(name))
    throw refused(`value: ${place} is ${isList(value) ? 'no list' : 'a list'} in pfSense.`);
  const items = isList(value) ? value : [value];
  if (isList(value) && (value.length === 0 || value.includes('')))
    throw refused(`value: ${place} has an empty item or none.`, 'config.delete takes a whole list away.');
  for (const item of items) checkItem(item, names);
}

function checkItem(item: ConfigTree, names: readonly string[]): void {
  if (isList(item)) throw refused(`value: an item of ${names.join('/')} is a list.`);
  if (isSecretPath(names)) throw refused(`value: ${names.join('/')} is a secret.`, 'Set it in the GUI of pfSense.');
  if (typeof item === 'string') checkText(item, names);
  for (const [key, child] of Object.entries(sectionOf(item))) {
    if (!NAME.test(key)) throw refused('value: names of the configuration are small letters, digits and . _ -');
    checkNode(child, [...names, key]);
  }
}

function checkText(text: string, names: readonly string[]): void {
  if (!/^[\x20-\x7e]*$/.test(text) || text.trim() !== text)
    throw refused('value: texts are printable ASCII on one line, without blanks at their ends.');
  if (redactLeaf(text, names) !== text) throw refused('value: looks as if it held a secret; leave that out.');
}
