import { own } from '../core/own.ts';
import { type ConfigTree, isList, textAt } from './model.ts';

/** What an item of a list is known by, the more lasting first. */
const IDENTITIES: readonly string[] = [
  'tracker',
  'refid',
  'uuid',
  'uniqid',
  'associated-rule-id',
  'ikeid',
  'vpnid',
  'vlanif',
  'qinqif',
  'laggif',
  'bridgeif',
  'gif',
  'greif',
  'mac',
  'name',
  'ifname',
  'username',
  'zoneid',
  'ptpid',
  'command',
  'hostname',
  'host',
  'network',
  'src',
  'subnet',
  'filename',
  'task_name',
  'descr',
];

/** Where another name says more than the general order, by the names of the lists. */
const SPECIAL: Readonly<Record<string, readonly string[]>> = {
  // An associated rule shares this value with its filter rule, and each is alone in its own list.
  'nat/rule': ['associated-rule-id', 'tracker'],
  'ipsec/phase2': ['uniqid', 'reqid'],
  'virtualip/vip': ['uniqid'],
  'system/user': ['uid', 'name'],
  'system/group': ['gid', 'name'],
  'unbound/hosts': ['host+domain'],
  'dnsmasq/hosts': ['host+domain'],
  'gateways/gateway_item': ['name'],
};

/** An item with what it is known by within its list. */
export interface Identified {
  readonly identity: string;
  readonly item: ConfigTree;
  /** Place in the list, from 0. */
  readonly index: number;
}

/**
 * The items of a list with identities that are unique in it: items that cannot be told apart are numbered.
 * `path` has no indexes, as in `filter/rule`.
 */
export function identified(items: readonly ConfigTree[], path: string): Identified[] {
  const seen = new Map<string, number>();
  return items.map((item, index) => {
    const known = identityOf(item, path);
    const count = (seen.get(known) ?? 0) + 1;
    seen.set(known, count);
    return { identity: count === 1 ? known : `${known}#${count}`, item, index };
  });
}

function identityOf(item: ConfigTree, path: string): string {
  if (typeof item === 'string') return item;
  if (isList(item)) return JSON.stringify(item);
  for (const key of [...(own(SPECIAL, path) ?? []), ...IDENTITIES]) {
    const values = key.split('+').map((part) => textAt(item, part) ?? '');
    if (values[0] !== '') return values.join('.');
  }
  return JSON.stringify(item);
}
