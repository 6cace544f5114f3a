import type { ConfigSection, ConfigTree } from '../../../config/model.ts';
import { type NatKind, natIds, natPrints } from '../../../config/nat-identity.ts';
import { sectionOf } from '../../../config/update.ts';
import { refused } from '../../kind.ts';
import { rulesOf } from '../firewall_rule/list.ts';
import { insertNatRule, type NatPosition, removeNatRule, withNatRule } from '../nat/list.ts';
import { linkedIndex, linkOf } from '../nat_port_forward/filter-rule.ts';
import { type Spot, spotOf } from './order.ts';
import type { FoundObject } from './place.ts';
import { ruleIndex, withPastRule } from './rules.ts';

/** A NAT rule as a revision has it, in its place among those of that time; a port forward with its filter rule. */
export function withPastNatRule(
  config: ConfigTree,
  past: ConfigTree,
  kind: NatKind,
  { wanted, present }: { readonly wanted: FoundObject; readonly present: FoundObject | undefined },
): ConfigTree {
  const rule = sectionOf(wanted.item);
  const next = placed(config, past, kind, { rule, was: wanted.index, is: present?.index });
  return kind === 'port_forward' ? withLinkedRule(next, past, linkOf(rule)) : next;
}

interface Placing {
  readonly rule: ConfigSection;
  /** Place in the list of that time. */
  readonly was: number;
  /** Place in the list as it is now. */
  readonly is: number | undefined;
}

function placed(config: ConfigTree, past: ConfigTree, kind: NatKind, { rule, was, is }: Placing): ConfigTree {
  const old = keysOf(past, kind);
  const key = old[was] ?? '';
  const current = keysOf(config, kind).map((one, index) => (index === is ? key : one));
  const spot = spotOf(old, current, key);
  if (is !== undefined && spot === 'stay') return withNatRule(config, kind, { rule, index: is });
  const without = is === undefined ? config : removeNatRule(config, kind, is);
  const next = insertNatRule(without, kind, rule, positionOf(without, kind, spot));
  const [match = ''] = key.split('#');
  const count = (tree: ConfigTree): number => natPrints(tree, kind).filter((print) => print.match === match).length;
  if (count(next) > Math.max(1, count(past)))
    throw refused('object: another rule is for these packets by now; only the first of both would count.');
  return next;
}

/** By the packets that they are for; those for the same packets are numbered. */
function keysOf(config: ConfigTree, kind: NatKind): string[] {
  const matches = natPrints(config, kind).map(({ match }) => match);
  return matches.map((match, index) => `${match}#${matches.slice(0, index).filter((one) => one === match).length}`);
}

function positionOf(config: ConfigTree, kind: NatKind, spot: Spot): NatPosition {
  if (typeof spot === 'string') return 'bottom';
  const idOf = (key: string): string => natIds(config, kind)[keysOf(config, kind).indexOf(key)] ?? '';
  return 'after' in spot ? { after: idOf(spot.after) } : { before: idOf(spot.before) };
}

/** The filter rule that a port forward had, under the tracker that it had. */
function withLinkedRule(config: ConfigTree, past: ConfigTree, link: string): ConfigTree {
  const then = linkedIndex(past, link);
  const rule = then === undefined ? undefined : rulesOf(past)[then];
  if (rule === undefined) return config;
  return withPastRule(config, past, rule, linkedIndex(config, link) ?? ruleIndex(config, rule));
}
