import { AddressSet } from '../../config/address-set.ts';
import { entriesAt, listAt, textAt, treeAt } from '../../config/model.ts';
import { addressesIn, addressesInTable, part } from '../addresses.ts';
import type { Context } from '../context.ts';
import type { Interface } from '../network.ts';
import type { PfRule } from '../pf-rule.ts';
import { dhcpClient, dhcpServer } from './dhcp.ts';
import { hidden } from './hidden-rule.ts';

/** What pfSense adds for each interface: DHCP, bogons, spoofed sources, private networks. */
export function interfaceRules(context: Context): PfRule[] {
  return [...context.interfaces.values()].flatMap((one) => [
    ...dhcpClient(one, context),
    ...bogons(one, context),
    ...(isBridged(one, context) ? [] : [...antispoof(one), ...privateNetworks(one, context)]),
    ...dhcpServer(one, context),
    ...tunnels(one, context),
  ]);
}

function bogons({ key, device, name }: Interface, { config }: Context): PfRule[] {
  if (treeAt(config, `interfaces/${key}/blockbogons`) === undefined) return [];
  const block = { action: 'block', direction: 'in', quick: true, on: [device] } as const;
  const six = treeAt(config, 'system/ipv6allow') !== undefined;
  return [
    hidden(`block bogon IPv4 networks from ${name}`, { ...block, source: addressesInTable('bogons') }),
    ...(six
      ? [hidden(`block bogon IPv6 networks from ${name}`, { ...block, source: addressesInTable('bogonsv6') })]
      : []),
  ];
}

/** pfSense looks for the key anywhere in the list of members. */
function isBridged({ key }: Interface, { config }: Context): boolean {
  return listAt(config, 'bridges/bridged').some((bridge) =>
    (textAt(bridge, 'members') ?? '').toLowerCase().includes(key.toLowerCase()),
  );
}

/** Not quick: it only takes back what earlier rules let in. */
function antispoof({ kind, device, name, four, six, virtual }: Interface): PfRule[] {
  if (kind !== 'interface' || four === 'none') return [];
  const networks = [four, six, ...virtual].flatMap((one) => (typeof one === 'object' ? [one] : []));
  const unknown = four === 'unknown' || six === 'unknown' ? [`networks of ${name}`] : [];
  const label = `antispoof for ${name}`;
  const block = { action: 'block', direction: 'in' } as const;
  const sets = {
    networks: AddressSet.of(networks.map(({ address, length }) => `${address}/${length}`)),
    own: AddressSet.of(networks.map(({ address }) => address)),
  };
  return [
    hidden(label, { ...block, notOn: device, source: [part({ set: sets.networks, unknown })] }),
    hidden(label, { ...block, source: [part({ set: sets.own, unknown })] }),
  ];
}

function privateNetworks({ key, device, name }: Interface, { config }: Context): PfRule[] {
  if (treeAt(config, `interfaces/${key}/blockpriv`) === undefined) return [];
  const block = { action: 'block', direction: 'in', quick: true, on: [device] } as const;
  const source = addressesIn('10.0.0.0/8', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16');
  return [
    hidden(`Block private networks from ${name}`, { ...block, source }),
    hidden(`Block ULA networks from ${name}`, { ...block, source: addressesIn('fc00::/7') }),
  ];
}

function tunnels({ device, key, name, type, type6 }: Interface, { config }: Context): PfRule[] {
  const rules: PfRule[] = [];
  if (type === 'pptp')
    rules.push(hidden(`allow PPTP client on ${name}`, { direction: 'in', on: [device], protocols: ['gre'] }));
  if (type6 === '6rd' || type6 === '6to4')
    rules.push(
      hidden(`Allow 6in4 traffic on ${name}`, { on: [device], protocols: ['ipv6'], unless: [`${type6} on ${key}`] }),
    );
  return entriesAt(config, 'interfaces').length === 0 ? [] : rules;
}
