import { type ConfigSection, type ConfigTree, listAt, textAt } from '../../../config/model.ts';
import { sectionOf } from '../../../config/update.ts';
import { withItems } from '../items.ts';
import { plainText } from '../text.ts';

export const Tunable = plainText(100)
  .regex(/^[a-zA-Z_][\w%-]*(?:\.[\w%-]+)+$/, 'must be a name such as net.inet.tcp.sendspace')
  .describe('Name of the kernel variable');

export function tunablesOf(config: ConfigTree): ConfigSection[] {
  return listAt(config, 'sysctl/item').map(sectionOf);
}

export function withTunables(config: ConfigTree, items: readonly ConfigSection[]): ConfigTree {
  return withItems(config, 'sysctl', items);
}

/** Nothing keeps a tunable from being there twice; then the last one counts. */
export function indexOfTunable(config: ConfigTree, name: string): number {
  return tunablesOf(config).findLastIndex((item) => textAt(item, 'tunable') === name);
}
