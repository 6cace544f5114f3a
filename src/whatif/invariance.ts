import type { Compiled } from './compile.ts';
import { isSameGround } from './ground.ts';
import { type Journey, journeysOf, type Say } from './journey.ts';
import type { NatRule } from './nat/translation.ts';
import { linksOf } from './network.ts';
import type { Packet } from './packet.ts';
import { type PfRule, ruleKey } from './pf-rule.ts';
import { SOME_PORT } from './ports.ts';

/**
 * What can be shown about a packet without a verdict, which hangs on things that are not known on many firewalls.
 * `unchanged`: nothing that can have a say differs. `eased`: it differs only in what can let more in, so that what passed
 * still passes. `open`: neither could be shown.
 */
export type Continuity = 'unchanged' | 'eased' | 'open';

/** Compares what can have a say about a packet before and after a change. */
export function continuityOf(packet: Packet, before: Compiled, after: Compiled): Continuity {
  const [old, next] = [journeysOf(before, packet), journeysOf(after, packet)];
  if (!Array.isArray(old) || !Array.isArray(next)) return isAllTheSame(before, after) ? 'unchanged' : 'open';
  if (old.length !== next.length || old.length === 0) return 'open';
  const ways = old.map((journey, index) => compared(journey, next[index] ?? journey));
  if (ways.includes('open') || !isSameGround(old, before.context.config, after.context.config)) return 'open';
  return ways.every((way) => way === 'unchanged') ? 'unchanged' : 'eased';
}

/** Whether a packet meets the same rules, translations and interfaces before and after a change. */
export function isUnchangedFor(packet: Packet, before: Compiled, after: Compiled): boolean {
  return continuityOf(packet, before, after) === 'unchanged';
}

/** Whether translations of what arrives there are the same, whatever it is sent to. */
export function isSameInward({ arrivesOn }: Packet, before: Compiled, after: Compiled): boolean {
  const [old, next] = [before, after].map(({ nat, context }) => {
    const links = linksOf(context.config, context.interfaces, arrivesOn ?? '');
    const isThere = ({ when }: NatRule): boolean => when.on === null || when.on.some((name) => links.has(name));
    return JSON.stringify([nat.forwards, nat.inward].map((list) => list.filter(isThere).map(natKey)));
  });
  return old === next;
}

function compared(old: Journey, next: Journey): Continuity {
  const [from, to] = [old, next].map(({ isForFirewall, leavesBy, says }) =>
    JSON.stringify([isForFirewall, leavesBy, says.map(({ translations }) => translations.map(natKey))]),
  );
  if (from !== to) return 'open';
  const parts = old.says.map(({ rules }, index) => comparedRules(rules, next.says[index]?.rules ?? []));
  if (parts.includes('open')) return 'open';
  return parts.every((part) => part === 'unchanged') ? 'unchanged' : 'eased';
}

/** Rules side by side: what is new may only let in, what is gone may only have kept out. */
function comparedRules(old: Say['rules'], next: Say['rules']): Continuity {
  let place = 0;
  let isEased = false;
  for (const { rule } of next) {
    const found = placeOf(rule, old, place);
    if (found === undefined && !letsIn(rule)) return 'open';
    if (found !== place) isEased = true;
    if (found !== undefined) place = found + 1;
  }
  // Nothing is asked behind a quick rule that surely matches.
  const last = next.at(-1);
  const isEnded = last?.rule.quick === true && last.unless.length === 0 && letsIn(last.rule);
  const rest = old.slice(place);
  if (!isEnded && !rest.every(({ rule }) => keepsOut(rule))) return 'open';
  return isEased || rest.length > 0 ? 'eased' : 'unchanged';
}

/** Where the same rule stood, with nothing passed over that lets in. */
function placeOf(rule: PfRule, old: Say['rules'], from: number): number | undefined {
  const key = ruleKey(rule);
  for (let index = from; index < old.length; index += 1) {
    const one = old[index]?.rule;
    if (one === undefined || ruleKey(one) === key) return index;
    if (!keepsOut(one)) return undefined;
  }
  return undefined;
}

function keepsOut({ action, tag }: PfRule): boolean {
  return (action === 'block' || action === 'reject') && tag === null;
}

function letsIn({ action, tag, gateway, options, unless }: PfRule): boolean {
  return action === 'pass' && tag === null && gateway === null && options === '' && unless.length === 0;
}

/** Where a packet cannot be followed everything has to be the same. */
function isAllTheSame(before: Compiled, after: Compiled): boolean {
  const [old, next] = [before, after].map(({ isDisabled, broken, rules, nat }) => {
    const lists = [nat.forwards, nat.inward, nat.outward, nat.outbound].map((list) => list.map(natKey));
    return JSON.stringify([isDisabled, broken, rules.map(ruleKey), lists]);
  });
  return old === next && isSameGround([everything(before)], before.context.config, after.context.config);
}

function everything({ rules, nat }: Compiled): Pick<Journey, 'says'> {
  const translations = [...nat.forwards, ...nat.inward, ...nat.outward, ...nat.outbound];
  return { says: [{ rules: rules.map((rule, index) => ({ index, rule, unless: rule.unless })), translations }] };
}

function natKey({ when, targets, port, passes }: NatRule): string {
  const meant = targets.map((target) =>
    target.kind === 'address' ? `${target.address.bits}:${target.address.value}` : JSON.stringify(textual(target)),
  );
  // The new ports of two old ones tell maps apart that keep, set or shift ports.
  return JSON.stringify([ruleKey(when), meant, port(SOME_PORT), port([1, 1]), port([1000, 1000]), passes]);
}

function textual(target: NatRule['targets'][number]): unknown {
  return target.kind === 'network' ? [String(target.from), String(target.to)] : target;
}
