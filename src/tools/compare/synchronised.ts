import { type ConfigSection, type ConfigTree, isList, listAt, textAt, treeAt } from '../../config/model.ts';
import { own } from '../../core/own.ts';
import { isCopied } from '../../pfsense/ha-sync.ts';
import { withoutLocal } from './local.ts';

/** What the sender is set to copy. */
export interface SyncSettings {
  /** Names of the settings that are on. */
  readonly sections: readonly string[];
  readonly withAdmins: boolean;
}

/** A configuration as both nodes of a pair should have it: without what each keeps for itself. */
export function sharedPart(config: ConfigTree, { sections, withAdmins }: SyncSettings): ConfigSection {
  const own = withoutLocal(config);
  const edits: readonly (readonly [string, (item: ConfigTree) => ConfigTree | undefined])[] = [
    ...NOT_SENT.map((path): [string, typeof sent] => [path, sent]),
    ['virtualip/vip', sharedVip],
    ...(withAdmins ? [] : [['system/user', (item: ConfigTree) => above(item, 'uid', 2_000)] as const]),
    ['system/group', (item) => above(item, 'gid', 1_999)],
  ];
  return without(
    edits.reduce((tree, [path, edit]) => editList(tree, path.split('/'), edit), own),
    isCopied('system/user', sections) ? ['nextuid', 'nextgid'] : [],
  );
}

/** Items of these stay on the sender when they are marked `nosync`. */
const NOT_SENT: readonly string[] = [
  'filter/rule',
  'nat/rule',
  'nat/outbound/rule',
  'aliases/alias',
  'dnsmasq/hosts',
  'ipsec/tunnel',
];

function sent(item: ConfigTree): ConfigTree | undefined {
  return treeAt(item, 'nosync') === undefined ? item : undefined;
}

/** Addresses that are each node's own stay where they are; the skew is judged by itself. */
function sharedVip(vip: ConfigTree): ConfigTree | undefined {
  const [mode, place] = [textAt(vip, 'mode') ?? '', textAt(vip, 'interface') ?? ''];
  const isOwn = (mode === 'ipalias' || mode === 'proxyarp') && !place.includes('_vip') && !place.includes('lo0');
  return isOwn ? undefined : drop(vip, ['advskew']);
}

/** Built-in users and groups are each node's own. */
function above(item: ConfigTree, name: string, least: number): ConfigTree | undefined {
  return Number(textAt(item, name)) < least ? undefined : item;
}

function without(tree: ConfigSection, names: readonly string[]): ConfigSection {
  const system = tree['system'];
  return system === undefined ? tree : { ...tree, system: drop(system, names) };
}

function drop(tree: ConfigTree, names: readonly string[]): ConfigTree {
  if (typeof tree === 'string' || isList(tree)) return tree;
  return Object.fromEntries(Object.entries(tree).filter(([name]) => !names.includes(name)));
}

function editList(
  tree: ConfigSection,
  [step = '', ...rest]: readonly string[],
  edit: (item: ConfigTree) => ConfigTree | undefined,
): ConfigSection {
  const child = own(tree, step);
  if (child === undefined || typeof child === 'string') return tree;
  if (rest.length === 0) return { ...tree, [step]: listAt(tree, step).flatMap((item) => edit(item) ?? []) };
  return isList(child) ? tree : { ...tree, [step]: editList(child, rest, edit) };
}
