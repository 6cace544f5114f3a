import type { Judgement } from './pf-rules.ts';
import type { FilterRule, Host } from './pf-syntax.ts';
import type { PlainPacket } from './plain-packet.ts';

/** What a packet's fate depended on, in words: the heads under which disagreements are counted. */
export function trapsOf(judgement: Judgement | undefined, packet: PlainPacket): string[] {
  if (!judgement) return ['the filter is off'];
  const { rule, translation } = judgement;
  const { rule: translated } = translation;
  const target = translated && `${translated.kind}${translated.passes ? ' pass' : ''}`;
  const traps = rule ? (isUserRule(rule) ? userTraps(rule) : [builtIn(rule)]) : ['no rule'];
  const others = [
    target,
    packet.direction === 'out' ? 'going out' : undefined,
    packet.source.includes(':') ? 'IPv6' : undefined,
  ];
  return [...traps, ...others].filter((trap) => trap !== undefined);
}

/** 2.7.2 and 2.8 mark rules of the configuration by `USER_RULE`, later versions by `tags=user_rule`. */
function isUserRule({ labels }: FilterRule): boolean {
  return labels.some((label) => /^USER_RULE|^NEGATE_ROUTE|user_rule/.test(label));
}

/** Names of interfaces are left out, and numbers, so that the same rule has the same name everywhere. */
function builtIn({ labels, line, kind }: FilterRule): string {
  const [label] = labels;
  if (label === undefined) return line === 0 ? kind : 'built in, without a label';
  return `built in: ${label.replace(/^descr=/, '').replace(/ (from|on) [A-Z]\w+/, '')}`;
}

const USER_TRAPS: Readonly<Record<string, (rule: FilterRule) => boolean>> = {
  'user: first quick match': ({ quick }) => quick,
  'user: last match': ({ quick }) => !quick,
  'user: any direction': ({ direction }) => direction === undefined,
  'user: direction out': ({ direction }) => direction === 'out',
  'user: all interfaces': ({ devices }) => devices.length === 0,
  'user: several interfaces': ({ devices }) => devices.length > 1,
  'user: not': ({ from, to }) => [...from.hosts, ...to.hosts].some(({ not }) => not),
  'user: alias or network table': ({ from, to }) => [...from.hosts, ...to.hosts].some(isTable),
  'user: self': ({ from, to }) => [...from.hosts, ...to.hosts].some((host) => host.kind === 'device'),
  'user: source port': ({ from }) => from.ports.length > 0,
  'user: port range': ({ to }) => to.ports.some((ports) => ports.from !== ports.to),
  'user: several ports': ({ to }) => to.ports.length > 1,
  'user: ICMP type': ({ icmpTypes }) => icmpTypes.length > 0,
  'user: own TCP flags': ({ flags }) => flags !== undefined && `${flags.set}/${flags.among}` !== 'S/SA',
  'user: no state': ({ action, keepsState }) => action === 'pass' && !keepsState,
  'user: tagged': ({ tagged }) => tagged !== undefined,
  'user: gateway': ({ routeTo }) => routeTo !== undefined,
  'user: reject': ({ answers }) => answers,
  'user: schedule': ({ labels }) => labels.some((label) => label.startsWith('s:')),
  'user: negated routing': ({ labels }) => labels.some((label) => label.startsWith('NEGATE_ROUTE')),
};

function userTraps(rule: FilterRule): string[] {
  return Object.entries(USER_TRAPS)
    .filter(([, holds]) => holds(rule))
    .map(([trap]) => trap);
}

function isTable(host: Host): boolean {
  return host.kind === 'table';
}
