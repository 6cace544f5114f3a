import { type ConfigSection, type ConfigTree, isList, listAt, textAt, treeAt } from '../../../config/model.ts';
import { withTree } from '../../../config/update.ts';
import { own } from '../../../core/own.ts';

/** A field that can name an alias. */
interface Field {
  readonly path: string;
  /** How a text is taken apart into the words that can be aliases. */
  readonly separator: RegExp;
}

const whole = (...paths: string[]): Field[] => paths.map((path) => ({ path, separator: /(?!)/ }));
const ENDS = ['source/address', 'source/port', 'destination/address', 'destination/port'];
const VPN: readonly Field[] = [
  'tunnel_network',
  'tunnel_networkv6',
  'local_network',
  'local_networkv6',
  'remote_network',
  'remote_networkv6',
].map((path) => ({ path, separator: /(\s*,\s*)/ }));

/** Where aliases are used, by list. pfSense's own functions know fewer of these. */
const USERS: Readonly<Record<string, { noun: string; key: string; fields: readonly Field[] }>> = {
  'filter/rule': {
    noun: 'filter rule',
    key: 'tracker',
    fields: [...whole(...ENDS), { path: 'nat/source', separator: /(\/.*)/ }],
  },
  'nat/rule': { noun: 'port forward', key: '', fields: whole(...ENDS, 'target', 'local-port') },
  'nat/onetoone': { noun: '1:1 NAT', key: '', fields: whole('source/address', 'destination/address', 'external') },
  'nat/outbound/rule': {
    noun: 'outbound NAT rule',
    key: '',
    fields: [
      ...['source/network', 'destination/network'].map((path) => ({ path, separator: /(\/.*)/ })),
      ...whole('sourceport', 'dstport', 'target', 'natport'),
    ],
  },
  'aliases/alias': { noun: 'alias', key: 'name', fields: [{ path: 'address', separator: /( )/ }] },
  'staticroutes/route': { noun: 'static route', key: '', fields: whole('network') },
  'openvpn/openvpn-server': { noun: 'OpenVPN server', key: 'vpnid', fields: VPN },
  'openvpn/openvpn-client': { noun: 'OpenVPN client', key: 'vpnid', fields: VPN },
  'openvpn/openvpn-csc': { noun: 'OpenVPN client override', key: '', fields: VPN },
};

/** What a downloaded alias is made of when it names others. */
const URLS = 'aliasurl';

/** Words of an entry of a list that can be names of aliases, with the field that each stands in. */
export function wordsUsedBy(list: string, item: ConfigTree): { path: string; word: string }[] {
  return (own(USERS, list)?.fields ?? []).flatMap(({ path, separator }) =>
    wordsOf(textAt(item, path), separator).map((word) => ({ path, word })),
  );
}

/** What people call an entry of a list, as in `filter rule 1700000004`; places count from 1. */
export function nameOfUser(list: string, item: ConfigTree, index: number): string {
  const { noun = list, key = '' } = own(USERS, list) ?? {};
  return `${noun} ${(key && textAt(item, key)) || `number ${index + 1}`}`;
}

/** Where an alias is used, as in `filter rule 1700000004 (source/address)`; places count from 1. */
export function referencesTo(config: ConfigTree, name: string): string[] {
  const own = Object.entries(USERS).flatMap(([list, { fields }]) =>
    listAt(config, list).flatMap((item, index) => {
      const found = fields.filter(({ path, separator }) => wordsOf(textAt(item, path), separator).includes(name));
      const urls = list === 'aliases/alias' && listAt(item, URLS).includes(name) ? [URLS] : [];
      const isItself = list === 'aliases/alias' && textAt(item, 'name') === name;
      if (isItself || found.length + urls.length === 0) return [];
      return [`${nameOfUser(list, item, index)} (${[...found.map(({ path }) => path), ...urls].join(', ')})`];
    }),
  );
  return [...own, ...packageReferences(config, name)];
}

/** The configuration with an alias named anew wherever pfSense itself uses it. */
export function withNewName(config: ConfigTree, name: string, next: string): ConfigTree {
  return Object.entries(USERS).reduce(
    (tree, [list, { fields }]) =>
      listAt(tree, list).reduce(
        (inner: ConfigTree, _item, index) => renamedIn(inner, [...list.split('/'), index], { fields, name, next }),
        tree,
      ),
    config,
  );
}

interface Renaming {
  readonly fields: readonly Field[];
  readonly name: string;
  readonly next: string;
}

function renamedIn(config: ConfigTree, at: readonly (string | number)[], { fields, name, next }: Renaming): ConfigTree {
  const renamed = fields.reduce((tree, { path, separator }) => {
    const where = [...at, ...path.split('/')];
    const text = textAt(tree, where.join('/'));
    if (!wordsOf(text, separator).includes(name)) return tree;
    const parts = partsOf(text, separator).map((part) => (part === name ? next : part));
    return withTree(tree, where, parts.join(''));
  }, config);
  const urls = listAt(renamed, [...at, URLS].join('/'));
  if (!urls.includes(name)) return renamed;
  return withTree(
    renamed,
    [...at, URLS],
    urls.map((url) => (url === name ? next : url)),
  );
}

function partsOf(text: string | undefined, separator: RegExp): string[] {
  return (text ?? '').split(separator);
}

function wordsOf(text: string | undefined, separator: RegExp): string[] {
  return partsOf(text, separator).filter((part) => part !== '');
}

/** Settings of packages that consist of the name alone, under keys that hold addresses, ports or aliases. */
export function packageReferences(config: ConfigTree, name: string): string[] {
  return leavesBelow(treeAt(config, 'installedpackages') ?? {}, ['installedpackages'])
    .filter(
      ({ path, text }) => text === name && /alias|addr|network|host|port|list|source|dest/i.test(path.at(-1) ?? ''),
    )
    .map(({ path }) => `package setting ${path.filter((part) => !/^\d+$/.test(part)).join('/')}`);
}

function leavesBelow(tree: ConfigTree, path: readonly string[]): { path: readonly string[]; text: string }[] {
  if (typeof tree === 'string') return [{ path, text: tree }];
  const children: [string, ConfigTree][] = isList(tree)
    ? tree.map((child, index) => [String(index), child])
    : Object.entries(tree satisfies ConfigSection);
  return children.flatMap(([key, child]) => leavesBelow(child, [...path, key]));
}
