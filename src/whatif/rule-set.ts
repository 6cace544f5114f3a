import { type ConfigTree, listAt, textAt, treeAt } from '../config/model.ts';
import type { Context } from './context.ts';
import { beforeUsers } from './hidden/around-users.ts';
import { earliestRules, latestRules } from './hidden/edges.ts';
import { firstRules } from './hidden/first.ts';
import { interfaceRules } from './hidden/interface-rules.ts';
import type { PfRule } from './pf-rule.ts';
import { buildRule, type Place } from './user-rule.ts';

/** A rule of the GUI that is not in pf, with why. */
export interface LeftOut extends Place {
  readonly tracker: string;
  readonly description: string;
  readonly reason: string;
}

export interface RuleSet {
  /** In the order in which pf meets them. */
  readonly rules: readonly PfRule[];
  readonly leftOut: readonly LeftOut[];
  /** Why pf would refuse this set and keep the one it has. */
  readonly broken: readonly string[];
}

/** All filter rules that a configuration becomes. */
export function buildRuleSet(context: Context): RuleSet {
  const users = userRules(context);
  const rules = [
    ...earliestRules(context),
    ...firstRules(context),
    ...interfaceRules(context),
    ...beforeUsers(context),
    ...users.rules,
    ...latestRules(context),
  ];
  return { rules, leftOut: users.leftOut, broken: [...users.broken, ...sameNames(context)] };
}

/** Macros are called after descriptions: of two equal ones the later holds for both. */
function sameNames({ interfaces }: Context): string[] {
  const names = [...interfaces.values()]
    .filter(({ kind }) => kind === 'interface')
    .map(({ name }) => name.toUpperCase());
  return names.filter((name, index) => names.indexOf(name) !== index).map((name) => `two interfaces called ${name}`);
}

const SYSTEM_GROUPS = new Set(['l2tp', 'pppoe', 'enc0', 'openvpn']);

/** Floating rules, then groups with the servers of VPNs, then interfaces; since 2.9 groups come before servers. */
function stageOf(raw: ConfigTree, { interfaces, release }: Context): number {
  if (treeAt(raw, 'floating') !== undefined) return 0;
  const key = textAt(raw, 'interface') ?? '';
  if (SYSTEM_GROUPS.has(key)) return release === '2.9' ? 2 : 1;
  return interfaces.get(key)?.kind === 'group' ? 1 : 3;
}

function userRules(context: Context): RuleSet {
  const places = new Map<string, number>();
  const stages: PfRule[][] = [[], [], [], []];
  const leftOut: LeftOut[] = [];
  const broken: string[] = [];
  for (const raw of listAt(context.config, 'filter/rule')) {
    const tab = treeAt(raw, 'floating') === undefined ? (textAt(raw, 'interface') ?? '') : 'floating';
    if (treeAt(raw, 'separator') !== undefined) continue;
    const position = (places.get(tab) ?? 0) + 1;
    places.set(tab, position);
    const omit = (reason: string): void => {
      const known = { tracker: textAt(raw, 'tracker') ?? '', description: textAt(raw, 'descr') ?? '' };
      leftOut.push({ tab, position, ...known, reason });
    };
    if (treeAt(raw, 'disabled') !== undefined) {
      omit('it is disabled');
      continue;
    }
    for (const family of familiesOf(raw)) {
      const built = buildRule(raw, family, { tab, position }, context);
      if (built.kind === 'rules') stages[stageOf(raw, context)]?.push(...built.rules);
      else if (built.kind === 'left out') omit(built.reason);
      else broken.push(built.reason);
    }
  }
  return { rules: stages.flat(), leftOut, broken };
}

function familiesOf(raw: ConfigTree): (4 | 6)[] {
  const family = textAt(raw, 'ipprotocol');
  if (family === 'inet46') return [4, 6];
  return [family === 'inet6' ? 6 : 4];
}
