import type { ConfigSection, ConfigTree } from '../../../config/model.ts';
import { refused } from '../../kind.ts';
import { type EndpointRule, endpointSection } from '../endpoint.ts';
import { type Fields, flag, given, optionalText, sectionIn } from '../fields.ts';
import { isSince28 } from '../release.ts';
import type { Advanced, RuleChanges } from './arguments.ts';

/** The order in which pfSense's page writes a rule. */
const ORDER: readonly string[] =
  'id tracker type interface ipprotocol nat tcpflags_any tcpflags2 tcpflags1 tag tagged direction quick floating allowopts disablereplyto nottagged max max-src-nodes max-src-conn max-src-states statetimeout statepolicy statetype os nopfsync nosync max-src-conn-rate max-src-conn-rates protocol icmptype source destination disabled dscp log descr gateway defaultqueue ackqueue dnpipe pdnpipe sched vlanprio vlanprioset associated-rule-id updated created'.split(
    ' ',
  );

/** Texts that the page writes even when they are empty. */
export function emptyTexts(config: ConfigTree): Fields {
  const names = ['tag', 'tagged', 'max', 'max-src-nodes', 'max-src-conn', 'max-src-states', 'statetimeout', 'os'];
  return {
    ...Object.fromEntries(names.map((name) => [name, ''])),
    ...(isSince28(config) ? { statepolicy: '' } : {}),
    statetype: 'keep state',
    descr: '',
  };
}

const END: Omit<EndpointRule, 'argument'> = {
  tokens: ['any', 'self', 'clients', 'interface-address', 'interface-net', 'group'],
};

/**
 * The keys that the given arguments are about.
 * @throws PfsenseError `bad_input` for addresses and ports that are none
 */
export function fieldsOf(config: ConfigTree, args: RuleChanges): Fields {
  const end = (argument: 'source' | 'destination'): ConfigSection | undefined =>
    args[argument] && endpointSection(config, args[argument], { ...END, argument });
  return {
    ...given('type', args.type),
    ...given('ipprotocol', args.family),
    ...(args.protocol === undefined ? {} : { protocol: args.protocol === 'any' ? undefined : args.protocol }),
    ...(args.icmpTypes === undefined ? {} : { icmptype: args.icmpTypes.join(',') || undefined }),
    ...given('source', end('source')),
    ...given('destination', end('destination')),
    ...given('descr', args.description),
    ...flag('disabled', args.disabled),
    ...flag('log', args.log),
    ...optionalText('gateway', args.gateway),
    ...optionalText('sched', args.schedule),
    ...(args.advanced === undefined ? {} : advancedFields(config, args.advanced)),
  };
}

function advancedFields(config: ConfigTree, args: Advanced): Fields {
  if (args.statePolicy !== undefined && !isSince28(config))
    throw refused('advanced.statePolicy: this version of pfSense does not know it.');
  return {
    ...given('os', args.os),
    ...optionalText('dscp', args.dscp),
    ...given('tag', args.tag),
    ...given('tagged', args.tagged),
    ...flag('nottagged', args.notTagged),
    ...tcpFlagFields(args.tcpFlags),
    ...given('statetype', args.stateType),
    ...given('statepolicy', args.statePolicy),
    ...count('statetimeout', args.stateTimeout),
    ...count('max', args.maxStates),
    ...count('max-src-nodes', args.maxSourceNodes),
    ...count('max-src-conn', args.maxSourceConnections),
    ...count('max-src-states', args.maxSourceStates),
    ...rateFields(args.connectionRate),
    ...flag('allowopts', args.allowOptions),
    ...flag('disablereplyto', args.noReplyTo),
    ...flag('nopfsync', args.noStateSync),
    ...flag('nosync', args.noConfigSync),
    ...optionalText('vlanprio', args.vlanPriority),
    ...optionalText('vlanprioset', args.setVlanPriority),
    ...optionalText('defaultqueue', args.queue),
    ...optionalText('ackqueue', args.ackQueue),
    ...optionalText('dnpipe', args.limiterIn),
    ...optionalText('pdnpipe', args.limiterOut),
  };
}

function tcpFlagFields(flags: Advanced['tcpFlags']): Fields {
  if (flags === undefined) return {};
  if (flags === 'any') return { tcpflags_any: '', tcpflags1: undefined, tcpflags2: undefined };
  const { set, outOf } = flags === 'default' ? { set: [], outOf: [] } : flags;
  if (set.some((one) => !outOf.includes(one)))
    throw refused('advanced.tcpFlags: every flag in `set` has to be in `outOf` as well.');
  return { tcpflags_any: undefined, tcpflags1: set.join(',') || undefined, tcpflags2: outOf.join(',') || undefined };
}

function rateFields(rate: Advanced['connectionRate']): Fields {
  if (rate === undefined) return {};
  return {
    'max-src-conn-rate': rate === null ? undefined : String(rate.connections),
    'max-src-conn-rates': rate === null ? undefined : String(rate.seconds),
  };
}

function count(key: string, value: number | null | undefined): Fields {
  return value === undefined ? {} : { [key]: value === null ? '' : String(value) };
}

/** A new rule, its keys in pfSense's order. */
export function ruleOf(fields: Fields): ConfigSection {
  return sectionIn(ORDER, fields);
}
