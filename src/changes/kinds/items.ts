import { type ConfigTree, entriesAt } from '../../config/model.ts';
import { withoutTree, withTree } from '../../config/update.ts';

/** With these entries in a section; an empty list has no element, so that the section is left without children. */
export function withItems(config: ConfigTree, section: 'cron' | 'sysctl', items: readonly ConfigTree[]): ConfigTree {
  if (items.length > 0) return withTree(config, [section, 'item'], items);
  const rest = withoutTree(config, [section, 'item']);
  return entriesAt(rest, section).length === 0 ? withTree(rest, [section], '') : rest;
}
