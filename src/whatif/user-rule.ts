import { type ConfigTree, listAt, textAt, treeAt } from '../config/model.ts';
import { addressesIn } from './addresses.ts';
import type { Context } from './context.ts';
import { type Endpoint, readEndpoint } from './endpoint.ts';
import { icmpTypeNumber } from './icmp.ts';
import { type Action, type Origin, type PfRule, pfRule } from './pf-rule.ts';
import { type PortMatch, readPorts } from './ports.ts';
import { gatewayOf } from './rule-gateway.ts';
import { isScheduled } from './schedule.ts';

/** What a rule of the GUI becomes; `reason` says why it is not in pf. */
export type Built =
  | { readonly kind: 'rules'; readonly rules: readonly PfRule[] }
  | { readonly kind: 'left out'; readonly reason: string }
  /** pf would refuse the whole set and keep the one it has. */
  | { readonly kind: 'unloadable'; readonly reason: string };

export interface Place {
  readonly tab: string;
  readonly position: number;
}

/** Builds the rules of pf for one rule of the GUI and one family. */
export function buildRule(raw: ConfigTree, family: 4 | 6, place: Place, context: Context): Built {
  const on = devicesOf(raw, context);
  if (on === 'missing') return leftOut('its interfaces are missing or disabled');
  const type = textAt(raw, 'type') ?? '';
  const action: Action = isAction(type) ? type : 'pass';
  const key = textAt(raw, 'interface') ?? '';
  const source = readEndpoint(treeAt(raw, 'source'), family, key, context);
  const destination = readDestination(raw, family, key, context);
  const protocol = textAt(raw, 'protocol') ?? '';
  const sourcePorts = portsOf(raw, 'source', protocol, context);
  const destinationPorts = portsOf(raw, 'destination', protocol, context);
  if (isWithout(source) || isWithout(destination)) return leftOut('nothing stands for one of its addresses');
  if (sourcePorts === 'missing' || destinationPorts === 'missing')
    return leftOut('nothing stands for one of its ports');
  if (source === 'unloadable' || destination === 'unloadable')
    return { kind: 'unloadable', reason: `pf cannot load rule ${place.position} of ${place.tab}` };
  const gateway = gatewayOf(raw, action, context);
  if (gateway.isLeftOut === true) return leftOut('its gateway is down');
  const scheduled = hasSchedules(context.config)
    ? isScheduled(context.config, textAt(raw, 'sched') ?? '', context.facts.localTime)
    : true;
  if (scheduled === false) return leftOut('its schedule is not active');
  const translation = translationOf(raw, family, context);
  if (translation === 'invalid') return leftOut('its NAT64 settings do not fit');
  const rule = pfRule({
    action,
    direction: directionOf(raw),
    ...quickOf(raw, action, context),
    on,
    family,
    protocols: protocolsOf(raw, protocol, family),
    flags: flagsOf(raw, protocol, action),
    source,
    sourcePorts,
    destination,
    destinationPorts,
    ...icmpOf(raw, protocol, family),
    tagged: taggedOf(raw),
    tag: textAt(raw, 'tag') || null,
    unless: [
      ...(scheduled === true ? [] : scheduled),
      ...(typeof gateway.isLeftOut === 'boolean' ? [] : gateway.isLeftOut),
      ...conditionsOf(raw, protocol),
      ...translation,
    ],
    gateway: gateway.name,
    options: optionsOf(raw),
    origin: originOf(raw, place),
  });
  return { kind: 'rules', rules: withNegate(rule, raw, context) };
}

function leftOut(reason: string): Built {
  return { kind: 'left out', reason };
}

function isWithout(endpoint: Endpoint): endpoint is 'missing' {
  return endpoint === 'missing';
}

function isAction(type: string): type is Action {
  return ['pass', 'block', 'reject', 'match'].includes(type);
}

function originOf(raw: ConfigTree, place: Place): Extract<Origin, { kind: 'user' }> {
  return { kind: 'user', tracker: textAt(raw, 'tracker') ?? '', description: textAt(raw, 'descr') ?? '', ...place };
}

/** null: everywhere. */
function devicesOf(raw: ConfigTree, { interfaces }: Context): string[] | null | 'missing' {
  const key = textAt(raw, 'interface') ?? '';
  const isFloating = treeAt(raw, 'floating') !== undefined;
  if (isFloating && (key === '' || key === 'any')) return null;
  const found = (isFloating ? key.split(',') : [key]).flatMap((one) => interfaces.get(one)?.device ?? []);
  return found.length === 0 ? 'missing' : found;
}

function directionOf(raw: ConfigTree): PfRule['direction'] {
  if (textAt(raw, 'floating') !== 'yes') return 'in';
  const direction = textAt(raw, 'direction');
  return direction === 'in' || direction === 'out' ? direction : 'any';
}

/** The kernel of 2.7 goes on behind a match rule whatever it says, newer ones end there; which of them 2.8 has is open. */
function quickOf(raw: ConfigTree, action: Action, { release }: Context): Pick<PfRule, 'quick' | 'quickUnless'> {
  const isQuick = treeAt(raw, 'floating') === undefined || treeAt(raw, 'quick') !== undefined;
  if (action !== 'match') return { quick: isQuick, quickUnless: [] };
  return { quick: isQuick && release !== '2.7', quickUnless: release === '2.8' ? ['quick of a match rule'] : [] };
}

/** Protocols that have ports to pfSense; it ignores the ports of others. */
const WITH_PORTS = new Set(['tcp', 'udp', 'tcp/udp', 'sctp']);

function portsOf(raw: ConfigTree, end: string, protocol: string, context: Context): PortMatch | null | 'missing' {
  if (!WITH_PORTS.has(protocol.toLowerCase())) return null;
  return readPorts(textAt(raw, `${end}/port`) ?? '', context.aliases);
}

function protocolsOf(raw: ConfigTree, protocol: string, family: 4 | 6): string[] | null {
  if (protocol === '') {
    const hasPorts = ['source/port', 'destination/port'].some((path) => (textAt(raw, path) ?? '') !== '');
    return hasPorts ? ['tcp'] : null;
  }
  if (protocol === 'any') return null;
  if (protocol === 'tcp/udp') return ['tcp', 'udp'];
  return [protocol === 'icmp' && family === 6 ? 'ipv6-icmp' : protocol.toLowerCase()];
}

/** A rule for TCP alone matches what begins a connection, whatever it does with it; pf adds that where states are kept. */
function flagsOf(raw: ConfigTree, protocol: string, action: Action): PfRule['flags'] {
  const keepsState = action === 'pass' && textAt(raw, 'statetype') !== 'none';
  if (protocol !== 'tcp') return keepsState ? { set: 'S', of: 'SA' } : null;
  if (treeAt(raw, 'tcpflags_any') !== undefined) return null;
  const of = lettersOf(textAt(raw, 'tcpflags2'));
  return of === '' ? { set: 'S', of: 'SA' } : { set: lettersOf(textAt(raw, 'tcpflags1')), of };
}

function lettersOf(flags: string | undefined): string {
  return (flags ?? '')
    .split(',')
    .map((flag) => (flag.startsWith('c') ? 'W' : flag.slice(0, 1).toUpperCase()))
    .join('');
}

function icmpOf(raw: ConfigTree, protocol: string, family: 4 | 6): Pick<PfRule, 'icmpTypes'> {
  const list = textAt(raw, 'icmptype') ?? '';
  if (protocol !== 'icmp' || list === '' || list === 'any') return { icmpTypes: null };
  return { icmpTypes: list.split(',').flatMap((type) => icmpTypeNumber(type.trim(), family) ?? []) };
}

function taggedOf(raw: ConfigTree): PfRule['tagged'] {
  const tag = textAt(raw, 'tagged') ?? '';
  return tag === '' ? null : { tag, not: treeAt(raw, 'nottagged') !== undefined };
}

const OPTIONS = [
  ...['os', 'dscp', 'vlanprio', 'max', 'max-src-nodes', 'max-src-states', 'max-src-conn', 'max-src-conn-rate'],
  ...['max-src-conn-rates', 'statetimeout', 'statetype', 'dnpipe', 'pdnpipe', 'defaultqueue', 'ackqueue'],
  ...['disablereplyto', 'allowopts', 'nosync'],
];

/** As text, so that two rules can be compared. */
function optionsOf(raw: ConfigTree): string {
  const said = OPTIONS.flatMap((key) => {
    const value = treeAt(raw, key);
    const isUsual = value === undefined || (value === '' && key !== 'disablereplyto') || isUsualState(key, value);
    return isUsual ? [] : [[key, value]];
  });
  return said.length === 0 ? '' : JSON.stringify(Object.fromEntries(said));
}

function isUsualState(key: string, value: ConfigTree): boolean {
  return key === 'statetype' && value === 'keep state';
}

/** What a packet is asked for that nobody said of it, and limits that may be reached. */
function conditionsOf(raw: ConfigTree, protocol: string): string[] {
  const has = (key: string): boolean => !['', 'none'].includes(textAt(raw, key) ?? '');
  const limits = ['max', 'max-src-nodes', 'max-src-states', 'max-src-conn', 'max-src-conn-rate'];
  return [
    ...(protocol === 'tcp' && has('os') ? ['operating system of the source'] : []),
    ...(has('dscp') ? ['DSCP of the packet'] : []),
    ...(has('vlanprio') ? ['VLAN priority of the packet'] : []),
    ...(limits.some(has) ? ['connection limits of the rule'] : []),
  ];
}

function hasSchedules(config: ConfigTree): boolean {
  return listAt(config, 'schedules/schedule').length > 0;
}

/** NAT64 came with 2.8. */
function translationOf(raw: ConfigTree, family: 4 | 6, { release }: Context): string[] | 'invalid' {
  if (release === '2.7' || treeAt(raw, 'nat/enable') === undefined) return [];
  const isOutward = textAt(raw, 'floating') === 'yes' && textAt(raw, 'direction') !== 'in';
  return isOutward || textAt(raw, 'type') !== 'pass' || family !== 6 ? 'invalid' : ['NAT64'];
}

function readDestination(raw: ConfigTree, family: 4 | 6, on: string, context: Context): Endpoint {
  const isForced =
    context.release === '2.9' &&
    treeAt(raw, 'nat/enable') !== undefined &&
    treeAt(context.config, 'system/allow_nat64_prefix_override') === undefined;
  return isForced ? addressesIn('64:ff9b::/96') : readEndpoint(treeAt(raw, 'destination'), family, on, context);
}

/** Before a rule with a gateway stands one without for networks behind VPNs, where pfSense finds `any` in the destination. */
function withNegate(rule: PfRule, raw: ConfigTree, { vpn, config }: Context): PfRule[] {
  const isWanted =
    rule.gateway !== null &&
    vpn !== null &&
    treeAt(config, 'system/disablenegate') === undefined &&
    (treeAt(raw, 'destination/any') !== undefined || mentionsAny(raw));
  if (!isWanted || rule.origin.kind !== 'user') return [rule];
  const negate: PfRule = {
    ...rule,
    destination: vpn,
    gateway: null,
    tag: rule.tag,
    origin: { ...rule.origin, note: 'negate' },
  };
  return [negate, rule];
}

/** pfSense looks for the letters in the whole text, so an alias called `company` has them. */
function mentionsAny(raw: ConfigTree): boolean {
  const texts = ['destination/address', 'destination/port'].map((path) => textAt(raw, path) ?? '');
  return treeAt(raw, 'destination/network') === undefined && texts.some((text) => text.includes('any'));
}
