import { type ConfigTree, listAt, textAt } from '../../../config/model.ts';

/** Beginnings of the names of devices that have no Ethernet below them. */
const PSEUDO = /^(?:ovpn|ipsec|l2tp|pptp|gif|gre|ppp)/;

/** A tunnel or link that no broadcast reaches, which cannot carry CARP or proxy ARP. */
export function isPseudoDevice(config: ConfigTree, device: string): boolean {
  const [, side, id] = /^ovpn([cs])(\d+)$/.exec(device) ?? [];
  if (side === undefined) return PSEUDO.test(device);
  const list = listAt(config, side === 'c' ? 'openvpn/openvpn-client' : 'openvpn/openvpn-server');
  return !list.some((one) => textAt(one, 'vpnid') === id && textAt(one, 'dev_mode') === 'tap');
}

/** The devices that the configuration itself makes, such as VLANs and bridges. */
export function madeDevices(config: ConfigTree): string[] {
  const named: readonly (readonly [string, string])[] = [
    ['vlans/vlan', 'vlanif'],
    ['qinqs/qinqentry', 'vlanif'],
    ['bridges/bridged', 'bridgeif'],
    ['laggs/lagg', 'laggif'],
    ['gifs/gif', 'gifif'],
    ['gres/gre', 'greif'],
    ['ppps/ppp', 'if'],
  ];
  const made = named.flatMap(([list, field]) => listAt(config, list).map((item) => textAt(item, field) ?? ''));
  const tunnels = (['client', 'server'] as const).flatMap((side) =>
    listAt(config, `openvpn/openvpn-${side}`).map((one) => `ovpn${side[0]}${textAt(one, 'vpnid')}`),
  );
  return [...made, ...tunnels].filter((name) => name !== '');
}
