import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { identified } from '../../../config/identity.ts';
import { type ConfigTree, listAt } from '../../../config/model.ts';
import { type TreePath, withTree } from '../../../config/update.ts';
import { defineKind, notThere, refused } from '../../kind.ts';
import { asWritten } from '../../operation.ts';
import { checkPlace, holdsSecret } from './allowed.ts';
import { Path, placeAt } from './place.ts';
import { checkValue, Value } from './value.ts';

export default defineKind({
  id: 'config.set',
  summary:
    'Write a value to a path of config.xml that has no kind of its own. pfSense checks nothing; the plan says what is only written.',
  tier: 'durable',
  level: 'dangerous',
  input: z.strictObject({
    path: Path,
    value: Value.describe("Text, list or section; '' for a mark that is on by being there"),
  }),
  example: { path: 'syslog/nentries', value: '500' },
  apply(config, { path, value }) {
    const place = placeAt(config, path);
    checkPlace(place);
    const { names, found } = place;
    const isItem = typeof place.path.at(-1) === 'number';
    if (place.isItemMissing) throw notThere(`path: ${names.join('/')} has no such item.`, 'Set the whole list.');
    checkValue(value, names, isItem);
    if (isDeepStrictEqual(asWritten(found), asWritten(value))) return config;
    if (holdsSecret(found, names))
      throw refused('path: it holds a secret, which would be lost.', 'Set the parts beside the secret one by one.');
    const next = withTree(config, place.path, value);
    if (isItem && identityAt(next, place.path, names) !== identityAt(config, place.path, names))
      throw refused('value: the item would be another one then.', 'Set the whole list.');
    return next;
  },
});

function identityAt(config: ConfigTree, path: TreePath, names: readonly string[]): string | undefined {
  const list = listAt(config, path.slice(0, -1).join('/'));
  return identified(list, names.join('/'))[Number(path.at(-1))]?.identity;
}
