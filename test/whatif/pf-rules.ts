import { expandAntispoof } from './pf-antispoof.ts';
import { checkRules } from './pf-check.ts';
import type { Facts } from './pf-facts.ts';
import { isOn } from './pf-facts.ts';
import { meetsFilterConditions, type Packet, type World } from './pf-match.ts';
import { parseRules } from './pf-parser.ts';
import type { FilterRule, Ruleset } from './pf-syntax.ts';
import { type Translation, translate } from './pf-translate.ts';

/** Rules that are ready to judge packets. */
export interface LoadedRules extends World {
  readonly rules: Ruleset;
  readonly facts: Facts;
  /** Filter rules in order, with those that pfctl makes itself. */
  readonly filters: readonly FilterRule[];
  /** Rules that stand elsewhere and are taken to be empty here. */
  readonly anchors: readonly string[];
}

export interface Judgement {
  readonly verdict: 'pass' | 'block' | 'unknown';
  /** The rule that decided; undefined where none matched, or translation passed the packet by. */
  readonly rule: FilterRule | undefined;
  readonly translation: Translation;
  /** Why the verdict is unknown: conditions of rules that this packet does not answer. */
  readonly unknowns: readonly string[];
}

/**
 * Reads rules as pfctl would load them. Throws where the text is not understood, where pf would refuse it, and where
 * something that it names is not among the facts.
 */
export function loadRules(text: string, facts: Facts): LoadedRules {
  const rules = parseRules(text);
  checkRules(rules, facts);
  const filters = rules.filters.flatMap((rule) => {
    if (rule.kind === 'antispoof') return expandAntispoof(rule, facts);
    return rule.kind === 'filter' ? [rule] : [];
  });
  const anchors = [...rules.translations, ...rules.filters].filter((rule) => 'name' in rule).map(({ name }) => name);
  return { rules, facts, filters, anchors: [...new Set(anchors)] };
}

/** What pf does with a packet at one device: translation first, then the last match, or the first quick one. */
export function judge(loaded: LoadedRules, packet: Packet): Judgement {
  const skipped = loaded.rules.skipped.some((name) => isOn(loaded.facts, packet.device, { name, not: false }));
  if (skipped) return { verdict: 'pass', rule: undefined, translation: untouched(packet), unknowns: [] };
  const translation = translate(loaded, packet);
  if (translation.rule?.passes) return { verdict: 'pass', rule: undefined, translation, unknowns: [] };
  const verdicts = candidates(loaded, translation).map((candidate) => filter(loaded, candidate));
  const [first, ...others] = verdicts;
  const differs = others.some((one) => first !== undefined && !isSame(one, first));
  const chosen = translation.choices.length > 0 ? 'address chosen by translation' : 'port chosen by translation';
  const unknowns = verdicts.flatMap((one) => one.unknowns).concat(differs ? [chosen] : []);
  const verdict = differs ? 'unknown' : (first?.verdict ?? 'pass');
  return { verdict, rule: first?.rule, translation, unknowns: [...new Set(unknowns)] };
}

function untouched(packet: Packet): Translation {
  return { rule: undefined, packet, choices: [], sourcePorts: undefined };
}

/** The packet once for each address and each kind of source port that translation may choose. */
function candidates({ filters }: LoadedRules, { packet, choices, sourcePorts }: Translation): Packet[] {
  const ports = sourcePorts ? portsToTry(filters, sourcePorts) : [packet.sourcePort];
  const packets = ports.map((sourcePort) => ({ ...packet, sourcePort }));
  if (choices.length === 0) return packets;
  return packets.flatMap((one) =>
    choices.map((address) => (one.direction === 'in' ? { ...one, destination: address } : { ...one, source: address })),
  );
}

/** Of ports that no rule tells apart, one is enough: the ends of what rules ask for, and what is beside them. */
function portsToTry(filters: readonly FilterRule[], [low, high]: readonly [number, number]): number[] {
  const edges = filters.flatMap(({ from }) => from.ports.flatMap((one) => [one.from, one.to + 1]));
  return [...new Set([low, ...edges])].filter((port) => port >= low && port <= high);
}

type Filtered = Pick<Judgement, 'verdict' | 'rule' | 'unknowns'>;

function filter(loaded: LoadedRules, packet: Packet): Filtered {
  return filterFrom(loaded, packet, 0, undefined, []);
}

/** pf's own default is to pass. A rule with a condition that is not known is followed both ways. */
function filterFrom(
  loaded: LoadedRules,
  packet: Packet,
  start: number,
  found: FilterRule | undefined,
  unknowns: readonly string[],
): Filtered {
  let rule = found;
  let current = packet;
  for (let at = start; at < loaded.filters.length; at += 1) {
    const next = loaded.filters[at];
    if (!next || !meetsFilterConditions(loaded, next, current)) continue;
    if (next.unknownConditions.length > 0 && unknowns.length < MAX_FORKS) {
      return fork(loaded, current, at, rule, [...unknowns, ...next.unknownConditions]);
    }
    if (next.tag !== undefined) current = { ...current, tag: next.tag };
    if (next.action !== 'match') rule = next;
    if (next.quick) return afterQuick(loaded, current, at, rule, unknowns);
  }
  return decidedBy(rule);
}

function decidedBy(rule: FilterRule | undefined): Filtered {
  return { verdict: rule?.action === 'block' ? 'block' : 'pass', rule, unknowns: [] };
}

/** The search ends here, unless it is a match rule and the kernel one that goes on behind those. */
function afterQuick(
  loaded: LoadedRules,
  packet: Packet,
  at: number,
  rule: FilterRule | undefined,
  unknowns: readonly string[],
): Filtered {
  const ended = decidedBy(rule);
  const ends = loaded.filters[at]?.action === 'match' ? loaded.facts.endsAtMatch : true;
  if (ends === true) return ended;
  const onward = filterFrom(loaded, packet, at + 1, rule, unknowns);
  if (ends === false || isSame(ended, onward)) return onward;
  return { verdict: 'unknown', rule, unknowns: [...unknowns, ...onward.unknowns, 'quick of a match rule'] };
}

/** A rejection is no silent block. */
function isSame(one: Filtered, other: Filtered): boolean {
  return one.verdict === other.verdict && (one.verdict === 'pass' || one.rule?.answers === other.rule?.answers);
}

const MAX_FORKS = 6;

/** Both ways agree: the verdict holds whatever the answer. */
function fork(
  loaded: LoadedRules,
  packet: Packet,
  at: number,
  rule: FilterRule | undefined,
  unknowns: readonly string[],
): Filtered {
  const next = loaded.filters[at];
  const without = filterFrom(loaded, packet, at + 1, rule, unknowns);
  if (!next) return without;
  const tagged = next.tag === undefined ? packet : { ...packet, tag: next.tag };
  const decided = next.action === 'match' ? rule : next;
  const matched = next.quick
    ? afterQuick(loaded, tagged, at, decided, unknowns)
    : filterFrom(loaded, tagged, at + 1, decided, unknowns);
  if (isSame(matched, without)) return without;
  return { verdict: 'unknown', rule: without.rule, unknowns };
}
