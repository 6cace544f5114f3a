import { type ConfigTree, treeAt } from '../../../config/model.ts';
import { refused } from '../../kind.ts';
import type { Family } from '../endpoint.ts';
import { enabledInterfaces, interfaceGroups, ruleInterfaces } from '../interfaces.ts';
import { plainText } from '../text.ts';

export const NatInterface = plainText(32).describe('Key of an interface or group, such as wan');

/** @throws PfsenseError `bad_input` */
export function checkInterface(config: ConfigTree, key: string): void {
  if (!ruleInterfaces(config).includes(key))
    throw refused(
      `interface: there is no enabled interface, group or VPN server with the key ${key}.`,
      'Keys are those of the configuration, such as wan, lan or opt1 (pf_interface_list).',
    );
}

/** Whether an interface is set up to have an address of a family; groups and VPN servers are taken to have one. */
export function canHaveAddress(config: ConfigTree, key: string, family: Family): boolean {
  if (!enabledInterfaces(config).includes(key)) return true;
  const field = family === 'inet' ? 'ipaddr' : 'ipaddrv6';
  return (treeAt(config, `interfaces/${key}/${field}`) ?? '') !== '';
}

/** The key in `opt1ip`, when it is the address of an interface. */
export function interfaceOfToken(config: ConfigTree, token: string): string | undefined {
  return enabledInterfaces(config).find((key) => token === `${key}ip`);
}

/** Group, or word that stands for a VPN server, as opposed to an interface. */
export function isSeveral(config: ConfigTree, key: string): boolean {
  return interfaceGroups(config).includes(key) || !enabledInterfaces(config).includes(key);
}
