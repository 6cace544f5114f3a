import { identified } from '../../../config/identity.ts';
import { type ConfigTree, isList } from '../../../config/model.ts';
import type { TreePath } from '../../../config/update.ts';
import { refused } from '../../kind.ts';
import { plainText } from '../text.ts';

export const Path = plainText(200)
  .regex(/^[^/]+(?:\/[^/]+)*$/, 'names joined by /')
  .describe('As in config.xml: syslog/nentries. An item of a list by its identity: wol/wolentry/MAC');

/** Names that pfSense reads as it wrote them. */
export const NAME = /^[a-z][a-z0-9_.-]{0,60}$/;

/** A place of a configuration that somebody wrote as a path. */
export interface Place {
  /** With indexes of items; ends where the configuration has nothing. */
  readonly path: TreePath;
  /** Names alone, as in `wol/wolentry`. */
  readonly names: readonly string[];
  /** What stands there. */
  readonly found: ConfigTree | undefined;
  /** Sections and items around it, the nearest last; without the root. */
  readonly around: readonly ConfigTree[];
  /** An item of a list that the path names is not there. */
  readonly isItemMissing: boolean;
}

/** @throws PfsenseError `bad_input` for a path that no configuration can have, or that leads through a text. */
export function placeAt(config: ConfigTree, text: string): Place {
  const path: (string | number)[] = [];
  const names: string[] = [];
  const around: ConfigTree[] = [];
  let node: ConfigTree | undefined = config;
  for (const step of text.split('/')) {
    if (node !== undefined && node !== config) around.push(node);
    if (node !== undefined && isList(node)) {
      const index: number | undefined = indexIn(node, names.join('/'), step);
      if (index === undefined) return { path, names, found: undefined, around, isItemMissing: true };
      path.push(index);
      node = node[index];
      continue;
    }
    if (typeof node === 'string' && node !== '') throw refused(`path: ${names.join('/')} is a text and has no parts.`);
    if (!NAME.test(step)) throw refused('path: names of the configuration are small letters, digits and . _ -');
    path.push(step);
    names.push(step);
    node = node !== undefined && typeof node !== 'string' && Object.hasOwn(node, step) ? node[step] : undefined;
  }
  return { path, names, found: node, around, isItemMissing: false };
}

/** @throws PfsenseError `bad_input` when several items are called so */
function indexIn(list: readonly ConfigTree[], place: string, identity: string): number | undefined {
  const items = identified(list, place);
  if (items.some((item) => item.identity === `${identity}#2`))
    throw refused(`path: several items of ${place} are called so, and none can be told from the others.`);
  return items.find((item) => item.identity === identity)?.index;
}
