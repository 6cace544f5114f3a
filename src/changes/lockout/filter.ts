import { addressValue } from '../../config/address-set.ts';
import { type ConfigTree, textAt } from '../../config/model.ts';
import type { FlowToKeep } from '../../core/settings.ts';
import { holdsAddress } from '../../whatif/addresses.ts';
import { type Compiled, compile } from '../../whatif/compile.ts';
import { evaluate } from '../../whatif/evaluate.ts';
import type { Facts } from '../../whatif/facts.ts';
import { continuityOf, isSameInward } from '../../whatif/invariance.ts';
import { openingOf } from '../../whatif/management.ts';
import type { NatRule } from '../../whatif/nat/translation.ts';
import { linksOf } from '../../whatif/network.ts';
import type { Packet } from '../../whatif/packet.ts';
import type { PfRule } from '../../whatif/pf-rule.ts';
import type { Judge, Judgement } from './judgement.ts';
import type { SessionFacts } from './session.ts';

/** Whether rules and translations let in a new session like this one, and the flows of the settings. */
export const judgeFilter: Judge = (session, base, candidate, keep) => {
  const facts = factsFrom(session);
  const before = compile(base, facts);
  const after = compile(candidate, facts);
  const flows: Flow[] = [managementFlow(session, before), ...keep.map(keptFlow)];
  return flows.map((flow) => ({ subject: flow.name, ...judge({ ...flow, ...session }, before, after) }));
};

function factsFrom({ addresses, devices, localTime, tables, tests }: SessionFacts): Facts {
  const known = tables === null ? {} : { tables: { names: tables, contents: {}, tests } };
  return { addresses, devices, localTime, ...known };
}

interface Flow {
  readonly name: string;
  /** A sentence where there is no packet to follow. */
  readonly packet: Packet | string;
  /** Whether what is seen of it may not be what it was sent as. */
  readonly mayBeForwarded?: boolean;
}

function managementFlow(session: SessionFacts, compiled: Compiled): Flow {
  const { connection, devices } = session;
  if (connection === null) return { name: 'this session', packet: 'the firewall does not tell by which way it came' };
  const name = `this session (SSH from ${connection.client} to ${connection.server})`;
  const packets = devicesOf(session).map((one) => {
    // Tunnels need not be assigned; then they go by the name of their device.
    const arrivesOn = Object.entries(devices).find(([, device]) => device === one)?.[0] ?? one;
    return openingOf({ ...connection, arrivesOn }, compiled);
  });
  if (packets.length === 0) return { name, packet: 'the interface by which it came in is not known' };
  const packet = packets.find((one) => !['block', 'reject'].includes(evaluate(compiled, one).verdict));
  if (packet === undefined)
    return { name, packet: 'by which way it came in, as the rules would not let it in this way' };
  return { name, packet, mayBeForwarded: forwardsTo(compiled, packet).length > 0 };
}

/** By which it may have come, the likely one first: that of the answers, or that which has the address it came to. */
function devicesOf({ connection, replyDevice, addresses }: SessionFacts): string[] {
  if (connection === null) return [];
  if (/^127\.|^::1$/.test(connection.client)) return ['lo0'];
  const holders = Object.entries(addresses).filter(([, own]) =>
    own.some((address) => address.replace(/\/.*$/, '') === connection.server),
  );
  return [...new Set([...(replyDevice === null ? [] : [replyDevice, ...holders.map(([device]) => device)])])];
}

/** Translations that may have sent it here: by then it looks as if it had been meant for this address. */
function forwardsTo({ nat, tables, context }: Compiled, { destination, arrivesOn }: Packet): NatRule[] {
  const here = addressValue(destination);
  const links = linksOf(context.config, context.interfaces, arrivesOn ?? '');
  return [...nat.forwards, ...nat.inward].filter(({ when, targets }) => {
    const isOnWay = when.on === null || when.on.some((name) => links.has(name));
    const isHere = targets.some((target) => {
      if (target.kind === 'address') return here?.value === target.address.value && here.bits === target.address.bits;
      return target.kind === 'network' && here !== undefined && target.to.has(here);
    });
    return isOnWay && isHere && (here === undefined || holdsAddress(context.own.all, here, tables) !== false);
  });
}

function keptFlow({ protocol, from, to, port, interface: arrivesOn }: FlowToKeep): Flow {
  const packet = { protocol, source: from, destination: to, destinationPort: port, tcpFlags: 'S', arrivesOn };
  return { name: `${protocol} from ${from} to ${to} port ${port}`, packet };
}

function judge(
  { packet, mayBeForwarded, hasPending }: Flow & Pick<SessionFacts, 'hasPending'>,
  before: Compiled,
  after: Compiled,
): Omit<Judgement, 'subject'> {
  if (typeof packet === 'string') return { verdict: 'unknown', because: [packet] };
  const isRetranslated = mayBeForwarded === true && !isSameInward(packet, before, after);
  const doubts = [
    ...doubtsOfSettings(before.context.config, after.context.config),
    ...(isRetranslated ? ['which port forward brings it here'] : []),
  ];
  if (doubts.length > 0) return { verdict: 'unknown', because: doubts };
  // First that nothing changed for it: a verdict hangs on things that are not known on many firewalls.
  const continuity = hasPending ? 'open' : continuityOf(packet, before, after);
  if (continuity === 'unchanged') return { verdict: 'unchanged', because: [] };
  if (continuity === 'eased') return { verdict: 'passes', because: [] };
  const { verdict, unknowns, deciding, decidingIndex, nat, isForFirewall } = evaluate(after, packet);
  if (
    verdict === 'pass' &&
    evaluate(before, packet).isForFirewall === true &&
    (isForFirewall !== true || nat.destination)
  )
    return { verdict: 'cut', because: ['a translation sends it elsewhere'] };
  if (verdict === 'pass') {
    const because = doubtsOfAnswers(after.rules[decidingIndex ?? -1]);
    return { verdict: because.length > 0 ? 'unknown' : 'passes', because };
  }
  if (verdict === 'unknown') return { verdict: 'unknown', because: unknowns };
  const { origin } = deciding ?? {};
  return {
    verdict: 'cut',
    because: [origin === undefined ? 'no rule passes it' : `${verdict}ed by ${describe(origin)}`],
  };
}

/** What decides where answers go, or whether they come back at all, which is not followed here. */
function doubtsOfAnswers(rule: PfRule | undefined): string[] {
  return [
    ...(rule?.gateway ? ['the rule that passes it has a gateway'] : []),
    ...(rule?.options.includes('"statetype":"none"') ? ['the rule that passes it keeps no state for the answers'] : []),
    ...(rule?.options.includes('"disablereplyto"') ? ['the rule that passes it does not send answers back'] : []),
    ...(rule?.options.includes('pipe"') ? ['the rule that passes it has a limiter'] : []),
  ];
}

/** Settings of the filter as a whole that can keep connections from being made. */
const FILTER_SETTINGS = [
  ...['maximumstates', 'maximumtableentries', 'maximumfrags', 'adaptivestart', 'adaptiveend', 'disablereplyto'],
  ...['tcpfirsttimeout', 'tcpopeningtimeout', 'tcpestablishedtimeout', 'scrubnodf', 'disablescrub', 'state-policy'],
].map((name) => `system/${name}`);

function doubtsOfSettings(before: ConfigTree, after: ConfigTree): string[] {
  return FILTER_SETTINGS.filter((path) => textAt(before, path) !== textAt(after, path)).map(
    (path) => `what ${path} does to it`,
  );
}

function describe(origin: object): string {
  return 'tracker' in origin ? `the rule with tracker ${String(origin.tracker)}` : 'a rule that pfSense adds itself';
}
