import { z } from 'zod';
import type { ConfigTree } from '../../../config/model.ts';
import { freeTracker } from '../../allocation.ts';
import { defineKind, refused } from '../../kind.ts';
import { type Fields, isAlike } from '../fields.ts';
import { ruleInterfaces } from '../interfaces.ts';
import { stampOf } from '../stamp.ts';
import { plainText } from '../text.ts';
import { Floating, ruleFields } from './arguments.ts';
import { checkRule } from './check.ts';
import { emptyTexts, fieldsOf, ruleOf } from './fields.ts';
import { rulesOf, tabOf } from './list.ts';
import { insertRule, Position } from './position.ts';

const { type, family, protocol, icmpTypes, description, disabled, log, gateway, schedule, advanced } = ruleFields;

/** What a rule is when a key is absent. */
export const DEFAULTS: Fields = { type: 'pass', ipprotocol: 'inet', statetype: 'keep state' };

export default defineKind({
  id: 'firewall_rule.add',
  summary: 'Add a filter rule to a tab; an equal rule on that tab stays where it is.',
  tier: 'volatile',
  input: z.strictObject({
    type: type.default('pass'),
    interface: plainText(32).optional().describe('Key of an interface or group whose tab it goes to; or `floating`'),
    floating: Floating.partial().optional().describe('For a floating rule, instead of `interface`'),
    family: family.default('inet'),
    protocol: protocol.default('any'),
    icmpTypes: icmpTypes.default([]),
    source: ruleFields.source.prefault({}),
    destination: ruleFields.destination.prefault({}),
    description: description.default(''),
    disabled: disabled.default(false),
    log: log.default(false),
    gateway: gateway.default(''),
    schedule: schedule.default(''),
    advanced: advanced.default({}),
    position: Position.default('bottom'),
  }),
  example: {
    type: 'pass',
    interface: 'lan',
    protocol: 'tcp',
    source: { address: 'lan' },
    destination: { address: '192.0.2.10', port: 443 },
    description: 'Web server of the branch',
    position: 'top',
  },
  apply(config, { interface: tab, floating, position, ...args }, occasion) {
    const rule = ruleOf({
      id: '',
      tracker: freeTracker(config, occasion.now),
      ...emptyTexts(config),
      ...fieldsOf(config, args),
      ...placeFields(config, tab, floating),
      updated: stampOf(occasion),
      created: stampOf(occasion),
    });
    checkRule(config, rule);
    const isThere = rulesOf(config).some((other) => tabOf(other) === tabOf(rule) && isAlike(other, rule, DEFAULTS));
    return isThere ? config : insertRule(config, rule, position);
  },
});

function placeFields(config: ConfigTree, tab: string | undefined, floating: Partial<Floating> | undefined): Fields {
  if (floating !== undefined && tab === undefined)
    return {
      ...floatingFields(config, { interfaces: [], direction: 'any', quick: false, ...floating }),
      floating: 'yes',
    };
  if (floating !== undefined || tab === undefined) throw refused('interface, floating: give exactly one of them.');
  return { interface: knownInterface(config, tab, 'interface') };
}

/** The keys that only floating rules have. */
export function floatingFields(config: ConfigTree, { interfaces, direction, quick }: Partial<Floating>): Fields {
  const isAll = interfaces?.length === 0 || interfaces?.includes('any');
  const known = interfaces?.map((key) => (key === 'any' ? key : knownInterface(config, key, 'floating.interfaces')));
  return {
    ...(known === undefined ? {} : { interface: isAll ? 'any' : known.join(',') }),
    ...(direction === undefined ? {} : { direction }),
    ...(quick === undefined ? {} : { quick: quick ? 'yes' : undefined }),
  };
}

/** @throws PfsenseError `bad_input` */
export function knownInterface(config: ConfigTree, key: string, argument: string): string {
  if (ruleInterfaces(config).includes(key)) return key;
  throw refused(
    `${argument}: there is no enabled interface, group or VPN server with the key ${key}.`,
    'Keys are those of the configuration, such as wan, lan, opt1, openvpn or enc0 (pf_interface_list).',
  );
}
