import { type AddressValue, addressValue } from '../config/address-set.ts';
import { PfsenseError } from '../core/errors.ts';
import { addressText, holdsAddress } from './addresses.ts';
import type { Compiled } from './compile.ts';
import { icmpTypeNumber } from './icmp.ts';
import { type NatRule, relevantOf, type Translation, translated, translationsOf } from './nat/translation.ts';
import { linksOf } from './network.ts';
import type { Packet, Passage } from './packet.ts';
import { type PortRange, SOME_PORT } from './ports.ts';
import { routeTo, type WayOut, wayOfGateway } from './route.ts';
import type { Truth } from './truth.ts';
import type { Leg, NatSeen, RuleSeen, Verdict } from './verdict.ts';
import { type Met, type WalkResult, walkRules } from './walk.ts';

/** Rules of a passage that are told, at most. */
const MAX_TRACE = 12;

/** Ways a packet may go on that are followed. */
const MAX_WAYS = 8;

/** The ways it may take, the likely one first; what may turn it where there is nothing to follow. */
export function journeysOf(compiled: Compiled, packet: Packet): Journey[] | Unfollowed {
  const start = passageOf(compiled, packet);
  if (compiled.isDisabled) return { otherwise: 'pass', unknowns: [] };
  if (compiled.broken.length > 0) return { otherwise: 'pass', unknowns: compiled.broken };
  if (packet.arrivesOn === null) return [leave(compiled, packet, start, undefined, [])];
  const ways = inwardTranslations(compiled, start);
  if (ways.length > MAX_WAYS) return { otherwise: 'block', unknowns: ['which translation it gets'] };
  const asked = [compiled.nat.forwards, compiled.nat.inward].flatMap((list) =>
    relevantOf(list, start, compiled.tables),
  );
  return ways.map((way) => {
    const {
      says: [first, ...others],
      ...journey
    } = arrive(compiled, packet, start, way);
    return { ...journey, says: [{ rules: first?.rules ?? [], translations: asked }, ...others] };
  });
}

/** What is known of a packet that is not followed, and what may turn it. */
export interface Unfollowed {
  readonly otherwise: 'pass' | 'block';
  readonly unknowns: readonly string[];
}

/** What can have had a say at one passage, in the order in which it is asked; all else cannot. */
export interface Say {
  readonly translations: readonly NatRule[];
  readonly rules: readonly Met[];
}

/** Everything of one way through the firewall. */
export interface Journey {
  readonly legs: readonly Leg[];
  readonly nat: Verdict['nat'];
  readonly isForFirewall: boolean | null;
  readonly leavesBy: WayOut | null;
  /** What would have to be known for the packet to take this way. */
  readonly unless: readonly string[];
  readonly says: readonly Say[];
}

function passageOf(compiled: Compiled, packet: Packet): Passage {
  const source = addressValue(packet.source);
  const destination = addressValue(packet.destination);
  if (source === undefined || destination === undefined || source.bits !== destination.bits)
    throw new PfsenseError('bad_input', 'source and destination must be two addresses of one family.', {
      phase: 'input',
    });
  const family = destination.bits === 32 ? 4 : 6;
  const { context } = compiled;
  return {
    direction: packet.arrivesOn === null ? 'out' : 'in',
    links: packet.arrivesOn === null ? null : linksOf(context.config, context.interfaces, packet.arrivesOn),
    family,
    protocol: packet.protocol === 'icmp' && family === 6 ? 'ipv6-icmp' : packet.protocol.toLowerCase(),
    source,
    sourcePort: rangeOf(packet.sourcePort),
    destination,
    destinationPort: rangeOf(packet.destinationPort),
    icmpType: packet.icmpType === undefined ? null : (icmpTypeNumber(packet.icmpType, family) ?? null),
    tcpFlags: packet.tcpFlags ?? 'S',
    tag: '',
  };
}

function rangeOf(port: number | undefined): PortRange {
  return port === undefined ? SOME_PORT : [port, port];
}

function portOf([low, high]: PortRange): number | null {
  return low === high ? low : null;
}

/** pf asks port forwards first; where none applies, or one says not to redirect, it asks 1:1 NAT. */
function inwardTranslations(compiled: Compiled, passage: Passage): Translation[] {
  const found = translationsOf(compiled.nat.forwards, passage, compiled.tables);
  return found.flatMap((way) => {
    if (way.target.kind !== 'keep') return [way];
    const more = translationsOf(compiled.nat.inward, passage, compiled.tables);
    return more.map((one) => ({ ...one, unless: [...way.unless, ...one.unless] }));
  });
}

function arrive(compiled: Compiled, packet: Packet, start: Passage, way: Translation): Journey {
  const destination = translated(way.target, start.destination);
  const nat = natSeen(way, destination, way.rule?.port(start.destinationPort) ?? start.destinationPort);
  if (destination === null) {
    const name = way.target.kind === 'unknown' ? way.target.name : 'translation';
    const says = saysSomewhere(compiled, start);
    return { legs: [unknownLeg(name)], nat, isForFirewall: null, leavesBy: null, unless: way.unless, says };
  }
  const isTranslated = way.target.kind !== 'keep';
  const inside: Passage = {
    ...start,
    destination,
    destinationPort:
      isTranslated && way.rule !== undefined ? way.rule.port(start.destinationPort) : start.destinationPort,
  };
  const walked = way.rule?.passes === true ? undefined : walkRules(compiled.rules, inside, compiled.tables);
  const leg = walked === undefined ? passedByNat() : legOf(walked, 'in');
  const said: Say = { translations: [], rules: walked?.met ?? [] };
  const own = holdsAddress(compiled.context.own.all, destination, compiled.tables);
  if (leg.otherwise !== 'pass' || own === true)
    return {
      legs: [leg],
      nat,
      isForFirewall: typeof own === 'boolean' ? own : null,
      leavesBy: null,
      unless: way.unless,
      // Something unknown may let it in, and then it goes on.
      says: [
        said,
        ...(leg.effect === 'block' || leg.effect === 'reject' || own === true ? [] : [anyOut(compiled, inside)]),
      ],
    };
  const carried: Passage = { ...inside, tag: walked?.tag ?? inside.tag };
  const outPacket = isTranslated ? { ...packet, route: undefined } : packet;
  const onward = leave(compiled, stripRoute(outPacket), carried, walked, [leg]);
  const gone = own === false ? onward : { ...onward, legs: onward.legs.map((one) => doubted(one, own)) };
  const unless = [...way.unless, ...gone.unless];
  const isForFirewall = own === false ? false : null;
  return { ...gone, nat: { ...gone.nat, ...nat }, isForFirewall, unless, says: [said, ...gone.says] };
}

/** Going out counts only when the firewall itself is not the destination. */
function doubted(leg: Leg, own: Truth): Leg {
  if (leg.direction === 'in' || leg.effect === 'pass' || typeof own === 'boolean') return leg;
  return { ...leg, effect: 'unknown', unknowns: unique([...leg.unknowns, ...own]) };
}

function stripRoute(packet: Omit<Packet, 'route'> & { readonly route?: Packet['route'] | undefined }): Packet {
  const { route, ...rest } = packet;
  return route === undefined ? rest : { ...rest, route };
}

/** Out at the interface that the gateway of the rule or the routing table says. */
function leave(
  compiled: Compiled,
  packet: Packet,
  passage: Passage,
  walked: WalkResult | undefined,
  legs: readonly Leg[],
): Journey {
  const { context } = compiled;
  const way = wayOf(compiled, packet, passage, walked);
  const links = way === undefined ? null : linksOf(context.config, context.interfaces, way.device);
  const out: Passage = { ...passage, direction: 'out', links };
  const ways = outwardTranslations(compiled, out);
  const followed = ways.slice(0, MAX_WAYS).map((one) => outLeg(compiled, out, one));
  const [main = unknownLeg('which translation it gets'), ...others] = followed.map(({ leg }) => leg);
  const { tables, nat } = compiled;
  const translations = [nat.outward, nat.outbound].flatMap((list) => relevantOf(list, out, tables));
  const leg = ways.length > MAX_WAYS ? unknownLeg('which translation it gets') : withRivals(main, others, ways);
  const seen = ways[0] && sourceSeen(ways[0], passage);
  return {
    legs: [...legs, leg],
    nat: seen === undefined ? {} : { source: seen },
    isForFirewall: false,
    leavesBy: way ?? null,
    unless: [],
    says: [
      { translations, rules: [] },
      ...(ways.length > MAX_WAYS ? [anyOut(compiled, out)] : followed.map(({ said }) => said)),
    ],
  };
}

function outLeg(compiled: Compiled, out: Passage, { rule, target }: Translation): { leg: Leg; said: Say } {
  const isKept = rule === undefined || target.kind === 'keep';
  const sourcePort = isKept ? out.sourcePort : rule.port(out.sourcePort);
  const after: Passage = { ...out, source: translated(target, out.source), sourcePort };
  const walked = walkRules(compiled.rules, after, compiled.tables);
  return { leg: legOf(walked, 'out'), said: { translations: [], rules: walked.met } };
}

/** A packet whose destination nobody knows: it may meet whatever does not name another source, port or protocol. */
function saysSomewhere(compiled: Compiled, start: Passage): Say[] {
  const inside: Passage = { ...start, destination: null, destinationPort: SOME_PORT };
  const { met } = walkRules(compiled.rules, inside, compiled.tables);
  return [{ translations: [], rules: met }, anyOut(compiled, inside)];
}

/** Out by an interface and with an address that nobody knows. */
function anyOut({ nat, rules, tables }: Compiled, inside: Passage): Say {
  const out: Passage = { ...inside, direction: 'out', links: null, source: null, sourcePort: SOME_PORT, tag: null };
  const translations = [...nat.outward, ...nat.outbound];
  return { translations, rules: walkRules(rules, out, tables).met };
}

/** One leg out of all translations that may be used. */
function withRivals(main: Leg, others: readonly Leg[], ways: readonly Translation[]): Leg {
  const rivals = others.flatMap((leg, index) =>
    leg.effect === main.effect ? [] : [...leg.unknowns, ...(ways[index + 1]?.unless ?? [])],
  );
  if (others.every((leg) => leg.effect === main.effect)) return main;
  return { ...main, effect: 'unknown', unknowns: unique([...main.unknowns, ...rivals]) };
}

function sourceSeen({ rule, target }: Translation, passage: Passage): NatSeen | undefined {
  if (rule === undefined || target.kind === 'keep') return undefined;
  const source = translated(target, passage.source);
  return { origin: rule.origin, address: source && addressText(source), port: portOf(rule.port(passage.sourcePort)) };
}

function wayOf(
  compiled: Compiled,
  packet: Packet,
  passage: Passage,
  walked: WalkResult | undefined,
): WayOut | undefined {
  const byRule = wayOfGateway(walked?.deciding?.rule.gateway ?? null, compiled.context);
  if (byRule !== null) return byRule;
  return packet.route ?? (passage.destination ? routeTo(passage.destination, compiled.context) : undefined);
}

function outwardTranslations(compiled: Compiled, passage: Passage): Translation[] {
  const found = translationsOf(compiled.nat.outward, passage, compiled.tables);
  return found.flatMap((way) =>
    way.target.kind === 'keep' ? translationsOf(compiled.nat.outbound, passage, compiled.tables) : [way],
  );
}

function natSeen(way: Translation, address: AddressValue | null, port: PortRange): Verdict['nat'] {
  if (way.rule === undefined || way.target.kind === 'keep') return {};
  return { destination: { origin: way.rule.origin, address: address && addressText(address), port: portOf(port) } };
}

function legOf(walked: WalkResult, direction: Leg['direction']): Leg {
  const { effect, deciding, rivals, settledIndex, met } = walked;
  return {
    direction,
    effect: rivals.length === 0 ? effect : 'unknown',
    otherwise: effect,
    deciding: deciding && seenOf(deciding),
    settledIndex,
    unknowns: unique(rivals.flatMap(({ unless }) => unless)),
    trace: met.slice(-MAX_TRACE).map(seenOf),
    traceCut: Math.max(0, met.length - MAX_TRACE),
  };
}

function seenOf({ index, rule, unless }: Met): RuleSeen {
  const { action, quick, origin, gateway } = rule;
  return { index, action, quick, origin, gateway, unless };
}

function passedByNat(): Leg {
  const none = { deciding: undefined, settledIndex: -1, unknowns: [], trace: [], traceCut: 0 };
  return { direction: 'in', effect: 'pass', otherwise: 'pass', ...none };
}

function unknownLeg(name: string): Leg {
  const none = { deciding: undefined, settledIndex: Number.MAX_SAFE_INTEGER, trace: [], traceCut: 0 };
  return { direction: 'in', effect: 'unknown', otherwise: 'block', unknowns: [name], ...none };
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
