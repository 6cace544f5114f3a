import { type ConfigSection, type ConfigTree, listAt, textAt, treeAt } from '../../../config/model.ts';
import { refused } from '../../kind.ts';
import { familyOfEndpoint, hasPort } from '../endpoint.ts';
import { gatewayFamily } from '../gateways.ts';
import { icmpTypesOf } from '../icmp-types.ts';
import { problemOfName } from '../object-name.ts';
import { limiterKind, shaperQueues } from '../queues.ts';

const WITH_PORTS = new Set(['tcp', 'udp', 'tcp/udp', 'sctp']);
const OF_PASS_RULES: Readonly<Record<string, string>> = {
  max: 'maxStates',
  'max-src-nodes': 'maxSourceNodes',
  'max-src-conn': 'maxSourceConnections',
  'max-src-states': 'maxSourceStates',
  'max-src-conn-rate': 'connectionRate',
  statetimeout: 'stateTimeout',
};

type Problem = readonly [isWrong: boolean, message: string];

/**
 * Refuses what pfSense's page would not save, and names that nothing has.
 * @throws PfsenseError `bad_input`
 */
export function checkRule(config: ConfigTree, rule: ConfigSection): void {
  const problems = [
    ...actionProblems(rule),
    ...endpointProblems(rule),
    ...gatewayProblems(config, rule),
    ...icmpProblems(rule),
    ...stateProblems(rule),
    ...tagProblems(rule),
    ...queueProblems(config, rule),
    ...limiterProblems(config, rule),
    ...scheduleProblems(config, rule),
  ];
  const found = problems.find(([isWrong]) => isWrong);
  if (found !== undefined) throw refused(found[1]);
}

const has = (rule: ConfigSection, key: string): boolean => treeAt(rule, key) !== undefined;
const text = (rule: ConfigSection, key: string): string => textAt(rule, key) ?? '';
const protocolOf = (rule: ConfigSection): string => text(rule, 'protocol').toLowerCase();
const typeOf = (rule: ConfigSection): string => text(rule, 'type') || 'pass';

function familyOfRule(rule: ConfigSection): 'inet' | 'inet6' | 'inet46' {
  const family = text(rule, 'ipprotocol');
  return family === 'inet6' || family === 'inet46' ? family : 'inet';
}

function actionProblems(rule: ConfigSection): Problem[] {
  const isFloating = has(rule, 'floating');
  const isTranslating = has(rule, 'nat/enable');
  return [
    [typeOf(rule) === 'match' && !isFloating, "type: 'match' is for floating rules only."],
    [text(rule, 'descr').includes('\\'), 'description: no backslash, please.'],
    [isTranslating && typeOf(rule) !== 'pass', "type: a rule that translates addresses (NAT64) has to be 'pass'."],
    [isTranslating && familyOfRule(rule) !== 'inet6', "family: a rule that translates (NAT64) has to be 'inet6'."],
    [isTranslating && isFloating && text(rule, 'direction') !== 'in', "floating.direction: NAT64 needs 'in'."],
  ];
}

function endpointProblems(rule: ConfigSection): Problem[] {
  const family = familyOfRule(rule);
  const ends = ['source', 'destination'] as const;
  const [source, destination] = ends.map((end) => familyOfEndpoint(treeAt(rule, end)));
  const isMixed = source !== undefined && destination !== undefined && source !== destination;
  return [
    [isMixed, 'source, destination: one address is IPv4 and the other is IPv6.'],
    ...ends.flatMap((end): Problem[] => {
      const own = familyOfEndpoint(treeAt(rule, end));
      const isForeign = own !== undefined && own !== family;
      return [
        [isForeign && family === 'inet46', `${end}: a rule for both families takes no literal address; use an alias.`],
        [isForeign, `${end}: the address is not of the rule's family (${family}).`],
        [
          hasPort(treeAt(rule, end)) && !WITH_PORTS.has(protocolOf(rule)),
          `${end}.port: only tcp, udp, tcp/udp and sctp have ports; give ${end} without one.`,
        ],
      ];
    }),
  ];
}

function gatewayProblems(config: ConfigTree, rule: ConfigSection): Problem[] {
  const gateway = text(rule, 'gateway');
  if (gateway === '') return [];
  const family = gatewayFamily(config, gateway);
  const wanted = has(rule, 'nat/enable') ? 'inet' : familyOfRule(rule);
  return [
    [family === undefined, 'gateway: there is no gateway or group of this name (pf_gateway_status lists them).'],
    [wanted === 'inet46', 'gateway: a rule for both families cannot have one.'],
    [family !== wanted, 'gateway: it is not of the family that the rule needs.'],
    [isWithoutDirection(rule), 'gateway: a floating rule with one needs the direction in or out.'],
  ];
}

function isWithoutDirection(rule: ConfigSection): boolean {
  return has(rule, 'floating') && !['in', 'out'].includes(text(rule, 'direction'));
}

function icmpProblems(rule: ConfigSection): Problem[] {
  const types = text(rule, 'icmptype')
    .split(',')
    .filter((type) => type !== '' && type !== 'any');
  const known = icmpTypesOf(familyOfRule(rule));
  return [
    [types.length > 0 && protocolOf(rule) !== 'icmp', 'icmpTypes: only with the protocol icmp.'],
    [
      types.some((type) => !known.has(type)),
      `icmpTypes: a rule of family ${familyOfRule(rule)} takes ${[...known].join(', ')}.`,
    ],
  ];
}

function stateProblems(rule: ConfigSection): Problem[] {
  const [protocol, stateType] = [protocolOf(rule), text(rule, 'statetype')];
  const isTcp = protocol === 'tcp' || protocol === 'tcp/udp';
  const isSynproxy = stateType === 'synproxy state';
  return [
    [isSynproxy && protocol !== 'tcp', 'advanced.stateType: synproxy is for tcp only.'],
    [isSynproxy && text(rule, 'gateway') !== '', 'advanced.stateType: synproxy cannot go with a gateway.'],
    [text(rule, 'os') !== '' && protocol !== 'tcp', 'advanced.os: only with the protocol tcp.'],
    [text(rule, 'max-src-conn') !== '' && !isTcp, 'advanced.maxSourceConnections: only with tcp.'],
    [text(rule, 'max-src-conn-rate') !== '' && !isTcp, 'advanced.connectionRate: only with tcp.'],
    ...Object.entries(OF_PASS_RULES).flatMap(([key, argument]): Problem[] => [
      [text(rule, key) !== '' && typeOf(rule) !== 'pass', `advanced.${argument}: only with type 'pass'.`],
      [text(rule, key) !== '' && stateType === 'none', `advanced.${argument}: not with stateType 'none'.`],
    ]),
  ];
}

function tagProblems(rule: ConfigSection): Problem[] {
  return [
    [has(rule, 'nottagged') && text(rule, 'tagged') === '', 'advanced.notTagged: give `tagged` as well.'],
    ...(['tag', 'tagged'] as const).map(
      (key): Problem => [
        text(rule, key) !== '' && problemOfName(text(rule, key)) !== undefined,
        `advanced.${key}: ${problemOfName(text(rule, key)) ?? ''}.`,
      ],
    ),
    [/[^\w .:/-]/.test(text(rule, 'os')), 'advanced.os: no name of an operating system has such characters.'],
  ];
}

function queueProblems(config: ConfigTree, rule: ConfigSection): Problem[] {
  const [queue, ack] = [text(rule, 'defaultqueue'), text(rule, 'ackqueue')];
  const isUnknown = (name: string): boolean => name !== '' && !shaperQueues(config).includes(name);
  return [
    [ack !== '' && queue === '', 'advanced.ackQueue: give `queue` as well.'],
    [ack !== '' && ack === queue, 'advanced.ackQueue: it has to differ from `queue`.'],
    [isUnknown(queue), 'advanced.queue: the traffic shaper has no queue of this name.'],
    [isUnknown(ack), 'advanced.ackQueue: the traffic shaper has no queue of this name.'],
  ];
}

function limiterProblems(config: ConfigTree, rule: ConfigSection): Problem[] {
  const [into, out] = [text(rule, 'dnpipe'), text(rule, 'pdnpipe')];
  const [intoKind, outKind] = [into, out].map((name) => limiterKind(config, name));
  const isOutWithoutGateway =
    text(rule, 'direction') === 'out' && text(rule, 'gateway') === '' && typeOf(rule) === 'pass';
  return [
    [into !== '' && intoKind === undefined, 'advanced.limiterIn: there is no limiter of this name.'],
    [out !== '' && outKind === undefined, 'advanced.limiterOut: there is no limiter of this name.'],
    [out !== '' && into === '', 'advanced.limiterOut: give `limiterIn` as well.'],
    [out !== '' && out === into, 'advanced.limiterOut: it has to differ from `limiterIn`.'],
    [out !== '' && intoKind !== outKind, 'advanced.limiterOut: both have to be limiters, or both queues of limiters.'],
    [out !== '' && isWithoutDirection(rule), 'advanced.limiterOut: a floating rule needs the direction in or out.'],
    [out !== '' && isOutWithoutGateway, 'advanced.limiterOut: a rule for outgoing packets needs a gateway as well.'],
  ];
}

function scheduleProblems(config: ConfigTree, rule: ConfigSection): Problem[] {
  const name = text(rule, 'sched');
  const isKnown = listAt(config, 'schedules/schedule').some((schedule) => textAt(schedule, 'name') === name);
  return [[name !== '' && !isKnown, 'schedule: there is no schedule of this name.']];
}
