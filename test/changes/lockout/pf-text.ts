import { type ConfigTree, isList, listAt, textAt, treeAt } from '../../../src/config/model.ts';

/** Networks and devices of the firewalls of the corpus, by the key of their interface. */
export const LINKS: Readonly<
  Record<string, { readonly device: string; readonly address: string; readonly bits: number }>
> = {
  wan: { device: 'igb0', address: '203.0.113.2', bits: 24 },
  lan: { device: 'igb1', address: '192.168.1.1', bits: 24 },
  opt1: { device: 'igb2', address: '10.20.0.1', bits: 24 },
  openvpn: { device: 'openvpn', address: '10.8.0.1', bits: 24 },
};

/** The address that a table holds which is filled from elsewhere. */
export type Fill = (table: string) => string;

/**
 * Rules of pf for what the corpus uses of a configuration, written down without any help of the product: block by
 * default, the anti-lockout rule, port forwards, then floating, group and interface rules.
 */
export function pfText(config: ConfigTree, open: Fill): string {
  const aliases = new Map(listAt(config, 'aliases/alias').map((one) => [textAt(one, 'name') ?? '', one]));
  const tables = [...aliases].flatMap(([name, alias]) =>
    /port/.test(textAt(alias, 'type') ?? '') ? [] : [`table <${name}> { ${entries(alias, aliases, open).join(' ')} }`],
  );
  const write = (rule: ConfigTree): string[] => filterLine(rule, aliases, config);
  const rules = listAt(config, 'filter/rule').filter((rule) => treeAt(rule, 'disabled') === undefined);
  const stage = (rule: ConfigTree): number =>
    treeAt(rule, 'floating') !== undefined ? 0 : textAt(rule, 'interface') === 'openvpn' ? 1 : 2;
  const isAntiLockout = treeAt(config, 'system/webgui/noantilockout') === undefined;
  const sorted = [0, 1, 2].flatMap((one) => rules.filter((rule) => stage(rule) === one));
  return [
    ...tables,
    ...listAt(config, 'nat/rule').flatMap((rule) => forwardLine(rule, aliases)),
    'block',
    ...(isAntiLockout ? ['pass in quick on igb1 proto tcp from any to 192.168.1.1 port { 22 80 443 }'] : []),
    ...sorted.flatMap(write),
    '',
  ].join('\n');
}

type Aliases = ReadonlyMap<string, ConfigTree>;

function entries(alias: ConfigTree, aliases: Aliases, open: Fill, depth = 0): string[] {
  if (textAt(alias, 'type') === 'urltable') return [open(textAt(alias, 'name') ?? '')];
  const words = (textAt(alias, 'address') ?? '').split(' ').filter((word) => word !== '');
  return words.flatMap((word) => {
    const inner = aliases.get(word);
    if (inner !== undefined && depth < 9) return entries(inner, aliases, open, depth + 1);
    // The name of a host that nobody has.
    return /^[\d./]+$/.test(word) ? [word] : [];
  });
}

function filterLine(rule: ConfigTree, aliases: Aliases, config: ConfigTree): string[] {
  if (isAsleep(rule, config)) return [];
  const type = textAt(rule, 'type') ?? '';
  const isFloating = treeAt(rule, 'floating') !== undefined;
  const direction = isFloating ? (textAt(rule, 'direction') ?? 'any') : 'in';
  const isQuick = !isFloating || treeAt(rule, 'quick') !== undefined;
  const on = (textAt(rule, 'interface') ?? '').split(',').flatMap((key) => LINKS[key]?.device ?? []);
  const protocol = textAt(rule, 'protocol') ?? 'any';
  const family = { inet: ['inet'], inet6: ['inet6'], inet46: ['inet', 'inet6'] }[textAt(rule, 'ipprotocol') ?? 'inet'];
  const [from, to] = ['source', 'destination'].map((end) => side(rule, end, protocol, aliases));
  if (from === undefined || to === undefined) return [];
  // Nothing of the corpus has an address of IPv6, so that such a rule is about everybody or left out.
  const isSaid = (one: string): boolean => one === 'inet' || ![from, to].some((end) => /self|\d\./.test(end));
  return (family ?? [])
    .filter(isSaid)
    .map((one) =>
      [
        type === 'pass' ? 'pass' : type === 'reject' ? 'block return' : 'block',
        ...(direction === 'any' ? [] : [direction]),
        ...(isQuick ? ['quick'] : []),
        ...(on.length > 0 ? [`on { ${on.join(' ')} }`] : []),
        one,
        ...(protocol === 'any' ? [] : [`proto { ${protocol.replace('/', ' ')} }`]),
        `from ${from} to ${to}`,
        ...(type === 'pass' && protocol === 'tcp' ? ['flags S/SA keep state'] : []),
      ].join(' '),
    );
}

/** Schedules of the corpus hold always or never. */
function isAsleep(rule: ConfigTree, config: ConfigTree): boolean {
  const name = textAt(rule, 'sched') ?? '';
  const schedule = listAt(config, 'schedules/schedule').find((one) => textAt(one, 'name') === name);
  return schedule !== undefined && textAt(schedule, 'descr') === 'never';
}

function side(rule: ConfigTree, end: string, protocol: string, aliases: Aliases): string | undefined {
  const not = treeAt(rule, `${end}/not`) === undefined ? '' : '! ';
  const place = hostOf(rule, end, aliases);
  const port = /tcp|udp/.test(protocol) ? (textAt(rule, `${end}/port`) ?? '') : '';
  if (place === undefined) return undefined;
  const host = place === 'any' ? 'any' : `${not}${place}`;
  if (port === '') return host;
  const ports = portsOf(port, aliases);
  return ports.length === 0 ? undefined : `${host} port { ${ports.join(' ')} }`;
}

function hostOf(rule: ConfigTree, end: string, aliases: Aliases): string | undefined {
  if (treeAt(rule, `${end}/any`) !== undefined) return 'any';
  const word = textAt(rule, `${end}/network`);
  if (word === '(self)') return 'self';
  const link = word === undefined ? undefined : LINKS[word.replace(/ip$/, '')];
  if (word !== undefined) return link && (word.endsWith('ip') ? link.address : `${link.address}/${link.bits}`);
  const address = textAt(rule, `${end}/address`) ?? '';
  if (aliases.has(address)) return `<${address}>`;
  return /^[\d./]+$/.test(address) ? address : undefined;
}

/** pfSense leaves out a rule whose ports are none. */
function portsOf(text: string, aliases: Aliases): string[] {
  const alias = aliases.get(text);
  const words = alias === undefined ? [text] : (textAt(alias, 'address') ?? '').split(' ');
  return words.filter((word) => /^\d/.test(word)).map((word) => word.replace('-', ':'));
}

function forwardLine(rule: ConfigTree, aliases: Aliases): string[] {
  if (isList(rule) || treeAt(rule, 'disabled') !== undefined) return [];
  const on = LINKS[textAt(rule, 'interface') ?? '']?.device ?? '';
  const protocol = (textAt(rule, 'protocol') ?? 'tcp').replace('/', ' ');
  const [from, to] = ['source', 'destination'].map((end) => side(rule, end, protocol, aliases));
  if (from === undefined || to === undefined) return [];
  const head = `on ${on} inet proto { ${protocol} } from ${from} to ${to}`;
  if (treeAt(rule, 'nordr') !== undefined) return [`no rdr ${head}`];
  const passes = textAt(rule, 'associated-rule-id') === 'pass' ? ' pass' : '';
  return [`rdr${passes} ${head} -> ${textAt(rule, 'target')} port ${textAt(rule, 'local-port')}`];
}
