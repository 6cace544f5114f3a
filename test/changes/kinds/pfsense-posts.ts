import { isAddress } from '../../../src/config/address.ts';
import { type ConfigTree, listAt, textAt, treeAt } from '../../../src/config/model.ts';

/** A form as pfSense's pages send it: what is absent was not ticked. */
export type Post = Record<string, string>;

const text = (tree: ConfigTree, path: string): string => textAt(tree, path) ?? '';
const ticked = (rule: ConfigTree, key: string, field = key): Post =>
  treeAt(rule, key) === undefined ? {} : { [field]: 'yes' };

/** The form that would save this alias, from the members as they were asked for. */
export function aliasPost(alias: ConfigTree, members: readonly unknown[], origname: string): Post {
  const rows = members.flatMap((member, index): [string, string][] => {
    const { value, description } = Object(typeof member === 'string' ? { value: member } : member);
    const length = text(alias, 'type') === 'network' && isAddress(value) ? (value.includes(':') ? '128' : '32') : '';
    return [
      [`address${index}`, value],
      [`address_subnet${index}`, length],
      [`detail${index}`, description ?? ''],
    ];
  });
  const fields = { name: text(alias, 'name'), type: text(alias, 'type'), descr: text(alias, 'descr'), origname };
  return { ...fields, ...Object.fromEntries(rows) };
}

/** The part of a form that says where packets come from or go to; `prefix` is src or dst. */
function endPost(end: ConfigTree, prefix: 'src' | 'dst'): Post {
  const [network, address] = [text(end, 'network'), text(end, 'address')];
  const [plain = '', length] = address.split('/');
  const [from = '', to] = text(end, 'port').split('-');
  const place: Post =
    treeAt(end, 'any') !== undefined
      ? { [`${prefix}type`]: 'any', [prefix]: 'any' }
      : network !== ''
        ? { [`${prefix}type`]: network, [prefix]: network }
        : length === undefined
          ? { [`${prefix}type`]: 'single', [prefix]: plain }
          : { [`${prefix}type`]: 'network', [prefix]: plain, [`${prefix}mask`]: length };
  return {
    ...place,
    ...ticked(end, 'not', `${prefix}not`),
    [`${prefix}beginport`]: from,
    [`${prefix}endport`]: to ?? from,
  };
}

/** The form that would save this port forward. */
export function forwardPost(forward: ConfigTree, old: ConfigTree | undefined): Post {
  const target = text(forward, 'target');
  const link = text(forward, 'associated-rule-id');
  const isLinked = link.startsWith('nat_');
  const isNew = isLinked && (old === undefined || text(old, 'associated-rule-id') !== link);
  return {
    interface: text(forward, 'interface'),
    ipprotocol: text(forward, 'ipprotocol') || 'inet',
    proto: text(forward, 'protocol'),
    ...endPost(treeAt(forward, 'source') ?? '', 'src'),
    ...endPost(treeAt(forward, 'destination') ?? '', 'dst'),
    localtype: /^(wan|lan|opt\d)ip$/.test(target) ? target : 'single',
    localip: target,
    localbeginport: text(forward, 'local-port'),
    descr: text(forward, 'descr'),
    natreflection: text(forward, 'natreflection') || 'default',
    ...ticked(forward, 'nosync'),
    ...ticked(forward, 'nordr'),
    ...ticked(forward, 'disabled'),
    ...(old === undefined
      ? { 'filter-rule-association': isNew ? 'add-associated' : link, 'associated-rule-id': '' }
      : { 'associated-rule-id': isNew ? 'new' : link }),
  };
}

/** The form that would save this outbound rule. */
export function outboundPost(rule: ConfigTree): Post {
  const end = (path: string, prefix: 'source' | 'destination'): Post => {
    const network = text(rule, path);
    const [plain = '', length] = network.split('/');
    const isToken = length === undefined && /^(any|\(self\)|wan|lan|opt\d|Guests)$/.test(network);
    return isToken
      ? { [`${prefix}_type`]: network }
      : { [`${prefix}_type`]: 'network', [prefix]: plain, [`${prefix}_subnet`]: length ?? '32' };
  };
  const isNetwork = text(rule, 'target_subnet') !== '';
  return {
    interface: text(rule, 'interface'),
    ipprotocol: text(rule, 'ipprotocol') || 'inet46',
    protocol: text(rule, 'protocol') || 'any',
    ...end('source/network', 'source'),
    ...(treeAt(rule, 'destination/any') === undefined
      ? end('destination/network', 'destination')
      : { destination_type: 'any' }),
    ...ticked(rule, 'destination/not', 'destination_not'),
    sourceport: text(rule, 'sourceport'),
    dstport: text(rule, 'dstport'),
    natport: text(rule, 'natport'),
    target_type: isNetwork ? 'network' : text(rule, 'target'),
    target: isNetwork ? text(rule, 'target') : '',
    target_subnet: text(rule, 'target_subnet'),
    poolopts: text(rule, 'poolopts'),
    descr: text(rule, 'descr'),
    ...ticked(rule, 'staticnatport'),
    ...ticked(rule, 'nonat'),
    ...ticked(rule, 'disabled'),
    ...ticked(rule, 'nosync'),
  };
}

/** The form that would save this 1:1 rule. */
export function oneToOnePost(rule: ConfigTree): Post {
  const external = text(rule, 'external');
  return {
    interface: text(rule, 'interface'),
    ipprotocol: text(rule, 'ipprotocol'),
    ...(isAddress(external) ? { exttype: 'single', external } : { exttype: external }),
    ...endPost(treeAt(rule, 'source') ?? '', 'src'),
    ...endPost(treeAt(rule, 'destination') ?? '', 'dst'),
    descr: text(rule, 'descr'),
    natreflection: text(rule, 'natreflection') || 'default',
    ...ticked(rule, 'nobinat'),
    ...ticked(rule, 'disabled'),
  };
}

/** The form that would save this NPt rule. */
export function nptPost(rule: ConfigTree): Post {
  const [[src = '', srcmask = '128'], [dst = '', dstmask = '128']] = (['source', 'destination'] as const).map((end) =>
    text(rule, `${end}/address`).split('/'),
  ) as [string[], string[]];
  const fields = { interface: text(rule, 'interface'), descr: text(rule, 'descr'), dsttype: 'network' };
  return { ...fields, src, srcmask, dst, dstmask, ...ticked(rule, 'disabled') };
}

/** The index that `after` of a form names for a position that was asked for; undefined at the end. */
export function afterOf(position: unknown, indexOf: (id: string) => number): number | undefined {
  if (position === undefined || position === 'bottom') return undefined;
  if (position === 'top') return -1;
  const { before, after } = Object(position);
  return before === undefined ? indexOf(after) : indexOf(before) - 1;
}

export function indexIn(config: ConfigTree, list: string, key: string, value: unknown): number {
  return listAt(config, list).findIndex((item) => textAt(item, key) === value);
}
