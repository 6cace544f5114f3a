import { type ConfigSection, type ConfigTree, textAt, treeAt } from '../../../config/model.ts';
import { freeTracker } from '../../allocation.ts';
import type { Occasion } from '../../kind.ts';
import { type Fields, flag, sectionIn, withFields } from '../fields.ts';
import { rulesOf, withRules } from '../firewall_rule/list.ts';
import { insertRule, removeRule } from '../firewall_rule/position.ts';
import { interfaceOfToken } from '../nat/interfaces.ts';
import { targetPorts } from './ports.ts';

const ORDER =
  'source interface ipprotocol protocol destination disabled descr associated-rule-id nosync tracker created'.split(
    ' ',
  );

/** pf cuts longer labels. */
const MAX_DESCRIPTION_BYTES = 62;

/** Is the value of `associated-rule-id` the name of a link? */
export function isLink(id: string): boolean {
  return id !== '' && id !== 'pass';
}

export function linkOf(forward: ConfigTree): string {
  return textAt(forward, 'associated-rule-id') ?? '';
}

/** Adds the filter rule that follows a port forward, at the end of its tab. */
export function addLinkedRule(config: ConfigTree, forward: ConfigSection, occasion: Occasion): ConfigTree {
  const rule = sectionIn(ORDER, {
    ...ownedFields(config, forward),
    ...flag('disabled', treeAt(forward, 'disabled') !== undefined),
    ...flag('nosync', treeAt(forward, 'nosync') !== undefined),
    'associated-rule-id': linkOf(forward),
    tracker: freeTracker(config, occasion.now),
    created: { time: String(occasion.now), username: 'NAT Port Forward' },
  });
  return insertRule(config, rule, 'bottom');
}

/** Takes away the filter rule of a link, if there is one. */
export function removeLinkedRule(config: ConfigTree, link: string): ConfigTree {
  const index = linkedIndex(config, link);
  return index === undefined ? config : removeRule(config, index);
}

/** Lets the filter rule follow its port forward; what the forward does not decide stays. */
export function followForward(config: ConfigTree, forward: ConfigSection, occasion: Occasion): ConfigTree {
  const index = linkedIndex(config, linkOf(forward));
  if (index === undefined) return addLinkedRule(config, forward, occasion);
  const rules = rulesOf(config);
  const old = rules[index] ?? {};
  const rule = withFields(old, {
    ...ownedFields(config, forward),
    ...flag('disabled', treeAt(forward, 'disabled') !== undefined),
  });
  if (rule === old) return config;
  const isMoving = textAt(rule, 'interface') !== textAt(old, 'interface');
  return isMoving ? insertRule(removeRule(config, index), rule, 'bottom') : withRules(config, rules.with(index, rule));
}

export function linkedIndex(config: ConfigTree, link: string): number | undefined {
  const index = isLink(link) ? rulesOf(config).findIndex((rule) => linkOf(rule) === link) : -1;
  return index < 0 ? undefined : index;
}

/** What the port forward decides about its filter rule. */
function ownedFields(config: ConfigTree, forward: ConfigSection): Fields {
  const target = textAt(forward, 'target') ?? '';
  const place: ConfigSection =
    interfaceOfToken(config, target) === undefined ? { address: target } : { network: target };
  const port = targetPorts(forward);
  return {
    source: treeAt(forward, 'source'),
    interface: textAt(forward, 'interface'),
    ipprotocol: textAt(forward, 'ipprotocol') ?? 'inet',
    protocol: textAt(forward, 'protocol'),
    destination: port === undefined ? place : { ...place, port },
    descr: cut(`NAT ${textAt(forward, 'descr') ?? ''}`),
  };
}

function cut(text: string): string {
  let rest = text;
  while (Buffer.byteLength(rest) > MAX_DESCRIPTION_BYTES) rest = [...rest].slice(0, -1).join('');
  return rest;
}
