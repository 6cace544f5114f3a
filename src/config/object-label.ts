import { own } from '../core/own.ts';
import { type ConfigTree, isList, textAt, treeAt } from './model.ts';

/** What people call the kinds of objects, by the names of their lists. */
const NOUNS: Readonly<Record<string, string>> = {
  'filter/rule': 'rule',
  'nat/rule': 'port forward',
  'nat/outbound/rule': 'outbound NAT rule',
  'nat/onetoone': '1:1 NAT',
  'nat/npt': 'NPt',
  'aliases/alias': 'alias',
  'schedules/schedule': 'schedule',
  'gateways/gateway_item': 'gateway',
  'gateways/gateway_group': 'gateway group',
  'staticroutes/route': 'static route',
  'virtualip/vip': 'virtual IP',
  'vlans/vlan': 'VLAN',
  'system/user': 'user',
  'system/group': 'group',
  'system/authserver': 'authentication server',
  'openvpn/openvpn-server': 'OpenVPN server',
  'openvpn/openvpn-client': 'OpenVPN client',
  'openvpn/openvpn-csc': 'OpenVPN override',
  'ipsec/phase1': 'IPsec phase 1',
  'ipsec/phase2': 'IPsec phase 2',
  'unbound/hosts': 'host override',
  'unbound/domainoverrides': 'domain override',
  'dnsmasq/hosts': 'host override',
  'dyndnses/dyndns': 'dynamic DNS client',
  'cron/item': 'cron job',
  'installedpackages/package': 'package',
  cert: 'certificate',
  ca: 'certificate authority',
  crl: 'revocation list',
};

const NAMES: readonly string[] = [
  'name',
  'descr',
  'description',
  'hostname',
  'host',
  'command',
  'ifname',
  'username',
  'vlanif',
  'mac',
];

/** `rule 'Allow DNS' on LAN`; `config` tells the names of interfaces. */
export function labelOf(item: ConfigTree, where: string, config: ConfigTree): string {
  const noun = own(NOUNS, where) ?? nounOf(where);
  const name = typeof item === 'string' ? item : nameOf(item, where);
  const label = name === '' ? noun : `${noun} '${name.slice(0, 80)}'`;
  const place = placeOf(item, where, config);
  return place === '' ? label : `${label} on ${place}`;
}

function nameOf(item: ConfigTree, where: string): string {
  // Rules are known by their description, certificates too.
  const first = /^(?:filter|nat)\/|^(?:cert|ca|crl)$/.test(where) ? ['descr'] : [];
  const keys = [...first, ...NAMES];
  return keys.map((key) => textAt(item, key) ?? '').find((text) => text !== '') ?? '';
}

function placeOf(item: ConfigTree, where: string, config: ConfigTree): string {
  if (typeof item === 'string' || isList(item)) return '';
  if (!/^(?:filter|nat|virtualip|gateways\/gateway_item)(?:\/|$)/.test(where)) return '';
  if (treeAt(item, 'floating') !== undefined) return 'Floating';
  const ids = (textAt(item, 'interface') ?? '').split(',').filter((id) => id !== '');
  return ids.map((id) => textAt(config, `interfaces/${id}/descr`) || id.toUpperCase()).join(', ');
}

/** `dhcpd/lan/staticmap` is a `staticmap of dhcpd lan`. */
function nounOf(where: string): string {
  const steps = where.split('/');
  const last = steps.at(-1) ?? '';
  return steps.length === 1 ? last : `${last} of ${steps.slice(0, -1).join(' ')}`;
}
