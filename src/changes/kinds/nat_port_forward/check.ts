import { isDeepStrictEqual } from 'node:util';
import { type ConfigSection, type ConfigTree, textAt, treeAt } from '../../../config/model.ts';
import { refused } from '../../kind.ts';
import { aliasType, isPortAlias } from '../aliases.ts';
import { type Family, familyOf, familyOfEndpoint, hasPort } from '../endpoint.ts';
import { canHaveAddress, interfaceOfToken, isSeveral } from '../nat/interfaces.ts';
import { natRulesOf } from '../nat/list.ts';
import { hasPorts, rangeOf } from './ports.ts';

type Problem = readonly [isWrong: boolean, message: string];

/**
 * Refuses what pfSense's page would not save.
 * @param index Place of the rule in the list when it is there already; it does not overlap with itself.
 * @throws PfsenseError `bad_input`
 */
export function checkForward(config: ConfigTree, forward: ConfigSection, index?: number): void {
  const problems = [
    ...targetProblems(config, forward),
    ...familyProblems(forward),
    ...portProblems(config, forward),
    ...reflectionProblems(config, forward),
    [
      overlaps(config, forward, index),
      'destination: another port forward takes these packets or ports already.',
    ] as const,
  ];
  const found = problems.find(([isWrong]) => isWrong);
  if (found !== undefined) throw refused(found[1]);
}

const familyOfForward = (forward: ConfigSection): Family =>
  textAt(forward, 'ipprotocol') === 'inet6' ? 'inet6' : 'inet';
const isExempting = (forward: ConfigSection): boolean => treeAt(forward, 'nordr') !== undefined;

function targetProblems(config: ConfigTree, forward: ConfigSection): Problem[] {
  const target = textAt(forward, 'target') ?? '';
  const family = familyOfForward(forward);
  const [own, key] = [familyOf(target), interfaceOfToken(config, target)];
  const isHostList = own === undefined && key === undefined && (aliasType(config, target) ?? 'host') !== 'host';
  return [
    [target === '' && !isExempting(forward), 'target: say where the packets are to go.'],
    [target.includes('/'), 'target: a single address, not a network.'],
    [isHostList, 'target: an alias has to be one of hosts.'],
    [own !== undefined && own !== family, `target: the address is not of the family ${family}.`],
    [key !== undefined && !canHaveAddress(config, key, family), `target: this interface has no ${family} address.`],
  ];
}

function familyProblems(forward: ConfigSection): Problem[] {
  const family = familyOfForward(forward);
  return (['source', 'destination'] as const).map((end) => {
    const own = familyOfEndpoint(treeAt(forward, end));
    return [own !== undefined && own !== family, `${end}: the address is not of the family ${family}.`];
  });
}

function portProblems(config: ConfigTree, forward: ConfigSection): Problem[] {
  const local = textAt(forward, 'local-port') ?? '';
  const [from, to] = rangeOf(textAt(forward, 'destination/port')) ?? [0, 0];
  const isNeeded = hasPorts(forward);
  const ends = ['source', 'destination'] as const;
  return [
    ...ends.map(
      (end): Problem => [
        !isNeeded && hasPort(treeAt(forward, end)),
        `${end}.port: only tcp, udp, tcp/udp and sctp have ports; give ${end} without one.`,
      ],
    ),
    [isNeeded && !hasPort(treeAt(forward, 'destination')), 'destination.port: say which ports are forwarded.'],
    [isNeeded && local === '' && !isExempting(forward), 'targetPort: say which port they go to.'],
    [!isNeeded && local !== '', 'targetPort: only tcp, udp, tcp/udp and sctp have ports.'],
    [local.includes('-'), 'targetPort: the first port only; there are as many as at the destination.'],
    [!isPortAlias(config, local) && Number(local) + to - from > 65_535, 'targetPort: the range would end above 65535.'],
  ];
}

function reflectionProblems(config: ConfigTree, forward: ConfigSection): Problem[] {
  const own = textAt(forward, 'natreflection') ?? '';
  const isOn = own === '' ? treeAt(config, 'system/disablenatreflection') === undefined : own !== 'disable';
  const isProxy =
    own === 'enable' || (own === '' && isOn && treeAt(config, 'system/enablenatreflectionpurenat') === undefined);
  const isAny = treeAt(forward, 'destination/any') !== undefined;
  return [
    [
      isAny && isOn && isSeveral(config, textAt(forward, 'interface') ?? ''),
      "destination: 'any' on a group needs reflection 'disable'.",
    ],
    [isProxy && familyOfForward(forward) === 'inet6', "reflection: with IPv6 only 'purenat' or 'disable' work."],
  ];
}

/** pfSense's page compares the same, but passes over rules whose source is any. */
function overlaps(config: ConfigTree, forward: ConfigSection, index: number | undefined): boolean {
  if (isExempting(forward)) return false;
  return natRulesOf(config, 'port_forward').some(
    (other, place) =>
      place !== index &&
      !isExempting(other) &&
      (textAt(other, 'interface') || 'wan') === textAt(forward, 'interface') &&
      familyOfForward(other) === familyOfForward(forward) &&
      isDeepStrictEqual(addressOf(other, 'source'), addressOf(forward, 'source')) &&
      isDeepStrictEqual(addressOf(other, 'destination'), addressOf(forward, 'destination')) &&
      shareProtocol(other, forward) &&
      sharePorts(textAt(other, 'destination/port'), textAt(forward, 'destination/port')),
  );
}

function addressOf(forward: ConfigSection, end: string): unknown {
  return ['any', 'network', 'address', 'not'].map((key) => treeAt(forward, `${end}/${key}`));
}

function shareProtocol(left: ConfigSection, right: ConfigSection): boolean {
  const [a, b] = [left, right].map((forward) => textAt(forward, 'protocol') ?? '');
  const isBoth = (one: string | undefined, other: string | undefined): boolean =>
    one === 'tcp/udp' && (other === 'tcp' || other === 'udp');
  return a === b || isBoth(a, b) || isBoth(b, a);
}

function sharePorts(left: string | undefined, right: string | undefined): boolean {
  const [a, b] = [rangeOf(left), rangeOf(right)];
  return a === undefined || b === undefined ? left === right : a[0] <= b[1] && b[0] <= a[1];
}
