import { type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../config/model.ts';
import { wallMs } from '../../core/clock.ts';
import type { VpnFacts } from './snippet.ts';

export const SAVED_NOTE =
  'These are tunnels of a saved configuration: state null means that no daemon was asked, and who is connected is unknown.';

/** The tunnels that a saved configuration has; what daemons and the kernel would say is null. */
export function savedVpn(config: ConfigTree): VpnFacts {
  const servers = listAt(config, 'openvpn/openvpn-server');
  return {
    openvpn: {
      servers: servers.map(openVpn),
      clients: listAt(config, 'openvpn/openvpn-client').map(openVpn),
      multipoint: servers
        .filter(isMultipoint)
        .map((server) => ({ vpnid: textAt(server, 'vpnid') ?? '', connections: null })),
      pointServers: [],
      pointClients: [],
    },
    ipsec: {
      phase1: listAt(config, 'ipsec/phase1').map(phase),
      phase2: listAt(config, 'ipsec/phase2').map(phase),
      sas: null,
    },
    wireguard: {
      isEnabled: textAt(config, 'installedpackages/wireguard/config/0/enable') === 'on',
      tunnels: listAt(config, 'installedpackages/wireguard/tunnels/item').map((item) => wireGuard(item, 'addresses')),
      peers: listAt(config, 'installedpackages/wireguard/peers/item').map((item) => wireGuard(item, 'allowedips')),
      dump: null,
    },
    now: Math.floor(wallMs() / 1000),
    saved: true,
  };
}

/** A server that many connect to, as pfSense tells it from one end of a tunnel between two. */
export function isMultipoint(server: ConfigTree): boolean {
  const text = (name: string): string => textAt(server, name) ?? '';
  const network = text('tunnel_network');
  const isBridge = text('mode') === 'p2p_tls' && text('dev_mode') === 'tap' && network === '';
  const isOff = treeAt(server, 'disable') !== undefined;
  return !isOff && text('mode') !== 'p2p_shared_key' && !isBridge && Number(network.split('/')[1] ?? 0) < 30;
}

const OPENVPN = [
  'vpnid',
  'mode',
  'protocol',
  'interface',
  'local_port',
  'server_addr',
  'server_port',
  'description',
  'tunnel_network',
  'tunnel_networkv6',
  'maxclients',
];
const PHASE = [
  'ikeid',
  'iketype',
  'interface',
  'remote-gateway',
  'descr',
  'reqid',
  'uniqid',
  'mode',
  'authentication_method',
];
// The private key of a tunnel and the preshared one of a peer stay where they are.
const WIREGUARD = ['name', 'tun', 'enabled', 'descr', 'listenport', 'endpoint', 'port', 'publickey'];

function openVpn(entry: ConfigTree): VpnFacts['openvpn']['servers'][number] {
  return Object.assign(texts(entry, OPENVPN), { disabled: treeAt(entry, 'disable') !== undefined });
}

function phase(entry: ConfigTree): VpnFacts['ipsec']['phase1'][number] {
  return Object.assign(texts(entry, PHASE), {
    local: side(entry, 'localid'),
    remote: side(entry, 'remoteid'),
    disabled: treeAt(entry, 'disabled') !== undefined,
    mobile: treeAt(entry, 'mobile') !== undefined,
  });
}

function side(entry: ConfigTree, name: string): string {
  const text = (key: string): string => textAt(entry, `${name}/${key}`) ?? '';
  const bits = text('netbits');
  return `${text('address') || text('type')}${bits === '' || bits === '0' ? '' : `/${bits}`}`;
}

function wireGuard(item: ConfigTree, list: string): VpnFacts['wireguard']['tunnels'][number] {
  const rows = listAt(item, `${list}/row`);
  return Object.assign(texts(item, WIREGUARD), {
    addresses: rows.map((row) => `${textAt(row, 'address') ?? ''}/${textAt(row, 'mask') ?? ''}`),
  });
}

function texts(entry: ConfigTree, names: readonly string[]): Record<string, string> {
  const found = entriesAt(entry, '').flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return Object.fromEntries(found.filter(([name]) => names.includes(name)));
}
