import { type ConfigTree, listAt, textAt, treeAt } from '../config/model.ts';
import { type TableLookup, tableLookup } from './addresses.ts';
import { type Context, contextOf } from './context.ts';
import type { Facts } from './facts.ts';
import { undecidedInward } from './nat/inbound.ts';
import { oneToOne } from './nat/one-to-one.ts';
import { outboundNat } from './nat/outbound.ts';
import { portForwards } from './nat/port-forward.ts';
import type { NatRule } from './nat/translation.ts';
import { buildRuleSet, type RuleSet } from './rule-set.ts';

/** A configuration worked out once, to ask about many packets. */
export interface Compiled extends RuleSet {
  readonly context: Context;
  readonly tables: TableLookup;
  readonly nat: {
    readonly forwards: readonly NatRule[];
    /** 1:1 NAT of packets that come in, and of those that go out. */
    readonly inward: readonly NatRule[];
    readonly outward: readonly NatRule[];
    readonly outbound: readonly NatRule[];
  };
  /** The filter is switched off: everything passes and nothing is translated. */
  readonly isDisabled: boolean;
}

/** Tables that stay empty: nobody is there to fill them. */
function unusedTables(config: ConfigTree): ReadonlySet<string> {
  const names = listAt(config, 'installedpackages/package').map((one) => textAt(one, 'name') ?? '');
  const hasIds = names.some((name) => /snort|suricata/i.test(name));
  const hasOverload = listAt(config, 'filter/rule').some((rule) => textAt(rule, 'max-src-conn-rate'));
  return new Set([...(hasIds ? [] : ['snort2c']), ...(hasOverload ? [] : ['virusprot'])]);
}

export function compile(config: ConfigTree, facts: Facts = {}): Compiled {
  const context = contextOf(config, facts);
  return {
    ...buildRuleSet(context),
    context,
    tables: tableLookup(facts.tables, unusedTables(config)),
    nat: {
      forwards: [...portForwards(context), ...undecidedInward(context)],
      ...oneToOne(context),
      outbound: outboundNat(context),
    },
    isDisabled: treeAt(config, 'system/disablefilter') !== undefined,
  };
}
