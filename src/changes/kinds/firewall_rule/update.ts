import { type ConfigSection, type ConfigTree, textAt, treeAt } from '../../../config/model.ts';
import { defineKind, refused } from '../../kind.ts';
import { type Fields, withFields } from '../fields.ts';
import { stampOf } from '../stamp.ts';
import { plainText } from '../text.ts';
import { floatingFields, knownInterface } from './add.ts';
import { Floating, RuleChanges } from './arguments.ts';
import { checkRule } from './check.ts';
import { fieldsOf } from './fields.ts';
import { needRule, rulesOf, tabOf, withRules } from './list.ts';
import { insertRule, removeRule, Tracker } from './position.ts';

/** What the port forward of an associated rule decides. */
const OWNED = ['interface', 'ipprotocol', 'protocol', 'icmptype', 'source', 'destination'] as const;

export default defineKind({
  id: 'firewall_rule.update',
  summary: 'Change parts of a filter rule; what is not given stays. Another interface moves it to the end of that tab.',
  tier: 'volatile',
  input: RuleChanges.extend({
    tracker: Tracker,
    interface: plainText(32).optional().describe('Tab to move the rule to; not for floating rules'),
    floating: Floating.partial().optional().describe('Only for a floating rule'),
  }),
  example: { tracker: '1700000004', log: true, description: 'LAN to anywhere, logged' },
  apply(config, { tracker, interface: tab, floating, ...args }, occasion) {
    const rules = rulesOf(config);
    const index = needRule(rules, tracker);
    const old = rules[index] ?? {};
    const fields = { ...fieldsOf(config, args), ...placeFields(config, old, tab, floating) };
    const changed = withoutLeftovers(withFields(old, fields), fields);
    if (changed === old) return config;
    checkOwned(old, changed);
    checkRule(config, changed);
    const rule = { ...changed, updated: stampOf(occasion) };
    if (tabOf(rule) !== tabOf(old)) return insertRule(removeRule(config, index), rule, 'bottom');
    return withRules(config, rules.with(index, rule));
  },
});

function placeFields(
  config: ConfigTree,
  old: ConfigSection,
  tab: string | undefined,
  floating: Partial<Floating> | undefined,
): Fields {
  const isFloating = tabOf(old) === 'floating';
  if (isFloating ? tab !== undefined : floating !== undefined)
    throw refused(
      `${isFloating ? 'interface' : 'floating'}: a rule cannot change between a tab and the floating ones.`,
      'Add the rule where it is wanted and delete this one.',
    );
  if (floating !== undefined) return floatingFields(config, floating);
  return tab === undefined || tab === textAt(old, 'interface')
    ? {}
    : { interface: knownInterface(config, tab, 'interface') };
}

/** ICMP types go with the protocol, as they do on pfSense's page. */
function withoutLeftovers(rule: ConfigSection, fields: Fields): ConfigSection {
  const isLeft = 'protocol' in fields && fields['protocol'] !== 'icmp' && !('icmptype' in fields);
  return isLeft ? withFields(rule, { icmptype: undefined }) : rule;
}

function checkOwned(old: ConfigSection, changed: ConfigSection): void {
  if ((textAt(old, 'associated-rule-id') ?? '') === '') return;
  if (OWNED.some((key) => treeAt(old, key) !== treeAt(changed, key)))
    throw refused(
      'interface, family, protocol, source and destination of this rule belong to its port forward.',
      'Change the port forward (nat_port_forward.update); the rule follows it.',
    );
}
