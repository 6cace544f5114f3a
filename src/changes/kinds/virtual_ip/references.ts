import { contains, networkAddress, readBlock } from '../../../config/address-block.ts';
import { type ConfigSection, type ConfigTree, listAt, textAt, treeAt } from '../../../config/model.ts';
import { gatewaysOf } from '../gateway/known.ts';
import { vipsOf } from './vip.ts';

/** Who needs a virtual address. */
export function referencesToVip(config: ConfigTree, vip: ConfigSection): string[] {
  const address = textAt(vip, 'subnet') ?? '';
  const ride = `_vip${textAt(vip, 'uniqid') ?? '-'}`;
  const count = (list: string, noun: string, holds: (item: ConfigTree) => boolean): string[] =>
    listAt(config, list).flatMap((item, index) => (holds(item) ? [`${noun} ${index + 1}`] : []));
  const isBound = (item: ConfigTree): boolean =>
    textAt(item, 'ipaddr') === address || textAt(item, 'interface') === ride;
  return [
    ...count('nat/rule', 'port forward', (rule) => textAt(rule, 'destination/address') === address),
    ...count('nat/outbound/rule', 'outbound NAT rule', (rule) => textAt(rule, 'target') === address),
    ...count('nat/onetoone', '1:1 NAT', (rule) => textAt(rule, 'external') === address),
    ...count('openvpn/openvpn-server', 'OpenVPN server', isBound),
    ...count('openvpn/openvpn-client', 'OpenVPN client', isBound),
    ...count(
      'ipsec/phase1',
      'IPsec tunnel',
      (tunnel) => treeAt(tunnel, 'disabled') === undefined && textAt(tunnel, 'interface') === ride,
    ),
    ...vipsOf(config)
      .filter((other) => textAt(other, 'interface') === ride)
      .map((other) => `virtual address ${textAt(other, 'subnet')}`),
    ...onlyWayTo(config, vip),
  ];
}

/** Gateways that lie in no network but that of this address. */
function onlyWayTo(config: ConfigTree, vip: ConfigSection): string[] {
  const key = textAt(vip, 'interface') ?? '';
  const networkOf = (one: ConfigTree): string => `${textAt(one, 'subnet')}/${textAt(one, 'subnet_bits')}`;
  const others = vipsOf(config).filter((other) => other !== vip && textAt(other, 'interface') === key);
  const own = ['ipaddr/subnet', 'ipaddrv6/subnetv6'].map((pair) =>
    pair
      .split('/')
      .map((field) => textAt(config, `interfaces/${key}/${field}`) ?? '')
      .join('/'),
  );
  const holds = (network: string, address: string): boolean => {
    const [outer, inner] = [readBlock(networkAddress(network) ?? ''), readBlock(address)];
    return outer !== undefined && inner !== undefined && contains(outer, inner);
  };
  return gatewaysOf(config)
    .filter((gateway) => textAt(gateway, 'interface') === key)
    .filter((gateway) => {
      const address = textAt(gateway, 'gateway') ?? '';
      return holds(networkOf(vip), address) && ![...own, ...others.map(networkOf)].some((one) => holds(one, address));
    })
    .map((gateway) => `gateway ${textAt(gateway, 'name')}`);
}
