import { type ConfigSection, type ConfigTree, treeAt } from '../../../config/model.ts';
import { sectionOf, withTree } from '../../../config/update.ts';
import { notThere } from '../../kind.ts';
import { plainText } from '../text.ts';

export const InterfaceKey = plainText(20).min(2).describe('Key of an interface, such as opt1, from pf_interface_list');

/** @throws PfsenseError `not_found` */
export function needInterface(config: ConfigTree, key: string): ConfigSection {
  const entry = treeAt(config, `interfaces/${key}`);
  if (entry === undefined || key.includes('/'))
    throw notThere(`interface: there is no interface with the key ${key}.`, 'pf_interface_list lists them.');
  return sectionOf(entry);
}

export function withInterface(config: ConfigTree, key: string, entry: ConfigSection): ConfigTree {
  return withTree(config, ['interfaces', key], entry);
}
