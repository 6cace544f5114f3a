import { type ConfigSection, type ConfigTree, treeAt } from '../../../config/model.ts';
import { freeLinkId } from '../../allocation.ts';
import { defineKind, type Occasion, refused } from '../../kind.ts';
import { hasPort } from '../endpoint.ts';
import { type Fields, withFields } from '../fields.ts';
import { checkInterface } from '../nat/interfaces.ts';
import { NatId, needNatRuleFor, withNatRule } from '../nat/list.ts';
import { stampOf } from '../stamp.ts';
import { ForwardChanges } from './arguments.ts';
import { checkForward } from './check.ts';
import { forwardFieldsOf, forwardOf } from './fields.ts';
import { followForward, isLink, linkOf, removeLinkedRule } from './filter-rule.ts';
import { hasPorts } from './ports.ts';

export default defineKind({
  id: 'nat_port_forward.update',
  summary: 'Change parts of a port forward and of its filter rule; what is not given stays.',
  tier: 'volatile',
  input: ForwardChanges.extend({ id: NatId }),
  example: { id: '3f0c2a9b41de', target: '192.0.2.11', description: 'New web server' },
  apply(config, { id, filterRule, ...args }, occasion) {
    if (args.interface !== undefined) checkInterface(config, args.interface);
    const fields = forwardFieldsOf(config, args);
    const wanted = (rule: ConfigSection): Fields => ({
      ...fields,
      ...dependentFields(config, withFields(rule, fields), filterRule, occasion),
    });
    const { rule: old, index } = needNatRuleFor(config, 'port_forward', id, wanted);
    const changed = withFields(old, wanted(old));
    const isAimed = (args.target ?? args.targetPort) !== undefined || filterRule === 'linked' || filterRule === 'pass';
    if (isExempt(changed) && isAimed)
      throw refused(
        'target, targetPort, filterRule: packets that are exempt (noRedirect) go nowhere else and need none.',
      );
    if (changed === old) return config;
    checkForward(config, changed, index);
    const stamped = forwardOf({ ...changed, updated: stampOf(occasion) });
    return withNatRule(withFilterRule(config, old, changed, occasion), 'port_forward', { rule: stamped, index });
  },
});

const isExempt = (forward: ConfigSection): boolean => treeAt(forward, 'nordr') !== undefined;

/** What follows from the rest: the link to the filter rule, and no port where the protocol has none any more. */
function dependentFields(
  config: ConfigTree,
  forward: ConfigSection,
  way: ForwardChanges['filterRule'],
  occasion: Occasion,
): Fields {
  if (isExempt(forward)) return { target: undefined, 'local-port': undefined, 'associated-rule-id': '' };
  return {
    ...(hasPorts(forward) || hasPort(treeAt(forward, 'destination')) ? {} : { 'local-port': undefined }),
    ...(way === undefined ? {} : { 'associated-rule-id': linkFor(config, forward, way, occasion) }),
  };
}

/** A forward that is linked already keeps its link. */
function linkFor(
  config: ConfigTree,
  forward: ConfigSection,
  way: NonNullable<ForwardChanges['filterRule']>,
  occasion: Occasion,
): string {
  if (way !== 'linked') return way === 'pass' ? 'pass' : '';
  return isLink(linkOf(forward)) ? linkOf(forward) : freeLinkId(config, occasion.now);
}

function withFilterRule(
  config: ConfigTree,
  old: ConfigSection,
  changed: ConfigSection,
  occasion: Occasion,
): ConfigTree {
  const rest = linkOf(changed) === linkOf(old) ? config : removeLinkedRule(config, linkOf(old));
  return isLink(linkOf(changed)) ? followForward(rest, changed, occasion) : rest;
}
