import { z } from 'zod';
import { type ConfigSection, type ConfigTree, textAt } from '../../../config/model.ts';
import { freeLinkId } from '../../allocation.ts';
import { defineKind, refused } from '../../kind.ts';
import { isAlike } from '../fields.ts';
import { checkInterface } from '../nat/interfaces.ts';
import { insertNatRule, isThere, NatPosition, natRulesOf } from '../nat/list.ts';
import { stampOf } from '../stamp.ts';
import { forwardFields } from './arguments.ts';
import { checkForward } from './check.ts';
import { forwardFieldsOf, forwardOf } from './fields.ts';
import { addLinkedRule, isLink, linkOf } from './filter-rule.ts';
import { hasPorts, rangeOf } from './ports.ts';

const { family, protocol, source, description, filterRule, reflection, noRedirect, noConfigSync, disabled } =
  forwardFields;

export default defineKind({
  id: 'nat_port_forward.add',
  summary: 'Forward packets to another address or port, with the filter rule that lets them in.',
  tier: 'volatile',
  input: z.strictObject({
    interface: forwardFields.interface.default('wan'),
    family: family.default('inet'),
    protocol: protocol.default('tcp'),
    source: source.prefault({}),
    destination: forwardFields.destination.describe("Such as {address: 'wanip', port: 443}"),
    target: forwardFields.target.optional(),
    targetPort: forwardFields.targetPort.optional().describe('First port there; the same when not given'),
    description: description.default(''),
    filterRule: filterRule.default('linked'),
    reflection: reflection.default('default'),
    noRedirect: noRedirect.default(false),
    noConfigSync: noConfigSync.default(false),
    disabled: disabled.default(false),
    position: NatPosition.default('bottom'),
  }),
  example: {
    interface: 'wan',
    protocol: 'tcp',
    destination: { address: 'wanip', port: 8443 },
    target: '192.0.2.10',
    targetPort: 443,
    description: 'Web server',
  },
  apply(config, { filterRule: way, position, ...args }, occasion) {
    checkInterface(config, args.interface);
    if (args.noRedirect && (args.target ?? args.targetPort) !== undefined)
      throw refused('noRedirect: packets that are exempt go to no target; leave target and targetPort out.');
    const fields = forwardFieldsOf(config, args);
    const port = textAt(Object(fields['destination']), 'port');
    const isPortMissing = fields['local-port'] === undefined && hasPorts(Object(fields)) && !args.noRedirect;
    const forward = forwardOf({
      ...fields,
      ...(isPortMissing && port !== undefined ? { 'local-port': String(rangeOf(port)?.[0] ?? port) } : {}),
      'associated-rule-id': way === 'pass' && !args.noRedirect ? 'pass' : '',
      updated: stampOf(occasion),
      created: stampOf(occasion),
    });
    const isLinking = way === 'linked' && !args.noRedirect;
    const there = isLinking ? linkedAlike(config, forward) : isThere(config, 'port_forward', forward);
    if (there) return config;
    checkForward(config, forward);
    if (!isLinking) return insertNatRule(config, 'port_forward', forward, position);
    const linked = forwardOf({ ...forward, 'associated-rule-id': freeLinkId(config, occasion.now) });
    return insertNatRule(addLinkedRule(config, linked, occasion), 'port_forward', linked, position);
  },
});

/** Whether there is an equal forward with a filter rule of its own. */
function linkedAlike(config: ConfigTree, forward: ConfigSection): boolean {
  return natRulesOf(config, 'port_forward').some((other) => {
    const link = linkOf(other);
    return isLink(link) && isAlike(other, { ...forward, 'associated-rule-id': link }, { ipprotocol: 'inet' });
  });
}
