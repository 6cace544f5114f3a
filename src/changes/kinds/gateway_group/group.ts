import { z } from 'zod';
import { type ConfigSection, type ConfigTree, entriesAt, listAt, textAt } from '../../../config/model.ts';
import { sectionOf, withTree } from '../../../config/update.ts';
import { notThere, refused } from '../../kind.ts';
import { type Fields, given, optionalText } from '../fields.ts';
import { gatewaysOf, isInUse, needGateway } from '../gateway/known.ts';
import { rulesWith } from '../gateway/references.ts';
import { isSince28 } from '../release.ts';
import { Description, plainText } from '../text.ts';

export const GroupName = plainText(31).min(1).describe('Letters, digits and underscores');

const Member = z.strictObject({
  gateway: plainText(40).min(1).describe('Name of a gateway'),
  tier: z.int().min(1).max(5).describe('The lowest tier that is up is used; gateways of one tier share the load'),
  address: plainText(64).default('address').describe("'address' of the interface, or a virtual address of it"),
});

/** What a group can be given besides its name; every part may be absent in an update. */
export const groupFields = {
  members: z.array(Member).min(1).max(20),
  trigger: z.enum(['down', 'downloss', 'downlatency', 'downlosslatency']).describe('When a member counts as down'),
  description: Description,
  failoverStates: z.enum(['default', 'keep', 'kill']).describe('States when a better gateway is back; since 2.8'),
};
const GroupChanges = z.strictObject(groupFields).partial();

export function groupsOf(config: ConfigTree): ConfigSection[] {
  return listAt(config, 'gateways/gateway_group').map(sectionOf);
}

export function findGroup(config: ConfigTree, name: string): { group: ConfigSection; index: number } | undefined {
  const index = groupsOf(config).findIndex((group) => textAt(group, 'name') === name);
  const group = groupsOf(config)[index];
  return group && { group, index };
}

/** @throws PfsenseError `not_found` */
export function needGroup(config: ConfigTree, name: string): { group: ConfigSection; index: number } {
  const found = findGroup(config, name);
  if (found === undefined) throw notThere(`name: there is no gateway group ${name}.`, 'gateway_group.add makes one.');
  return found;
}

export function withGroups(config: ConfigTree, groups: readonly ConfigSection[]): ConfigTree {
  return withTree(config, ['gateways', 'gateway_group'], groups);
}

/**
 * The keys that the given arguments are about.
 * @throws PfsenseError `bad_input`, `not_found`
 */
export function groupFieldsOf(config: ConfigTree, args: z.output<typeof GroupChanges>): Fields {
  if (args.failoverStates !== undefined && args.failoverStates !== 'default' && !isSince28(config))
    throw refused('failoverStates: versions before 2.8 do not have it.');
  return {
    ...given('item', args.members && itemsOf(config, args.members)),
    ...given('trigger', args.trigger),
    ...optionalText('keep_failover_states', args.failoverStates === 'default' ? '' : args.failoverStates),
    ...given('descr', args.description),
  };
}

/** Members in the order of the list of gateways, as pfSense's page writes them. */
function itemsOf(config: ConfigTree, members: readonly z.output<typeof Member>[]): string[] {
  const known = members.map(({ gateway }, index) => needGateway(config, gateway, `members.${index}.gateway`));
  known.forEach((gateway, index) => {
    const argument = `members.${index}.gateway`;
    if (gateway.interface === undefined || gateway.isDisabled || !isInUse(config, gateway))
      throw refused(`${argument}: ${gateway.name} or its interface is disabled.`);
    if (gateway.family !== known[0]?.family) throw refused(`${argument}: all have to be of one address family.`);
    if (known.some(({ name }, place) => name === gateway.name && place < index))
      throw refused(`${argument}: ${gateway.name} is in the list twice.`);
  });
  const order = gatewaysOf(config).map((gateway) => textAt(gateway, 'name'));
  const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...members]
    .sort((a, b) => place(a.gateway) - place(b.gateway))
    .map(({ gateway, tier, address }) => `${gateway}|${tier}|${address}`);
}

/** Who needs a group: the default route, rules, VPNs and dynamic names that are bound to it. */
export function referencesToGroup(config: ConfigTree, name: string): string[] {
  const defaults = entriesAt(config, 'gateways')
    .filter(([key, value]) => /^defaultgw[46]$/.test(key) && value === name)
    .map(([key]) => `the default route of IPv${key.slice(-1)}`);
  const bound: readonly (readonly [string, string])[] = [
    ['openvpn/openvpn-server', 'OpenVPN server'],
    ['openvpn/openvpn-client', 'OpenVPN client'],
    ['ipsec/phase1', 'IPsec tunnel'],
    ['dyndnses/dyndns', 'dynamic DNS entry'],
    ['dnsupdates/dnsupdate', 'RFC 2136 entry'],
    ['gifs/gif', 'GIF tunnel'],
    ['gres/gre', 'GRE tunnel'],
  ];
  const users = bound.flatMap(([list, noun]) =>
    listAt(config, list).flatMap((item, index) => {
      const key = textAt(item, 'interface') ?? textAt(item, 'if');
      return key === name ? [`${noun} ${index + 1}`] : [];
    }),
  );
  return [...defaults, ...users, ...rulesWith(config, name)];
}
