import { readBlock } from '../config/address-block.ts';
import { AddressSet } from '../config/address-set.ts';
import { type ConfigTree, listAt, textAt, treeAt } from '../config/model.ts';
import { type AddressMatch, part } from './addresses.ts';
import { isIpsecEnabled } from './network.ts';

/**
 * What pfSense puts into its table of VPN networks; null when it would be empty.
 * OpenVPN's networks are missing from it: pfSense looks for them where no configuration has them.
 */
export function vpnNetworks(config: ConfigTree): AddressMatch | null {
  const networks: string[] = [];
  const unknown: string[] = [];
  if (isIpsecEnabled(config)) {
    networks.push(...mobilePools(config));
    for (const phase of listAt(config, 'ipsec/phase2')) {
      if (['disabled', 'mobile'].some((key) => treeAt(phase, key) !== undefined)) continue;
      if (textAt(phase, 'mode') === 'transport' || treeAt(phase, 'remoteid') === undefined) continue;
      const network = remoteNetwork(phase);
      if (network === undefined) unknown.push('networks behind IPsec');
      else if (network !== '0.0.0.0/0' && network !== '::/0') networks.push(network);
    }
  }
  for (const server of listAt(config, 'pppoes/pppoe'))
    if (textAt(server, 'mode') === 'server')
      networks.push(`${textAt(server, 'remoteip') ?? ''}/${textAt(server, 'pppoe_subnet') ?? ''}`);
  const known = networks.filter((network) => readBlock(network) !== undefined);
  if (known.length === 0 && unknown.length === 0) return null;
  return [part({ set: AddressSet.of(known), unknown })];
}

function mobilePools(config: ConfigTree): string[] {
  if (treeAt(config, 'ipsec/client/enable') === undefined) return [];
  const pool = (suffix: string): string =>
    `${textAt(config, `ipsec/client/pool_address${suffix}`) ?? ''}/${textAt(config, `ipsec/client/pool_netbits${suffix}`) ?? ''}`;
  return [pool(''), pool('_v6')];
}

function remoteNetwork(phase: ConfigTree): string | undefined {
  const address = textAt(phase, 'remoteid/address') ?? '';
  switch (textAt(phase, 'remoteid/type')) {
    case 'address':
      return `${address}/${readBlock(address)?.bits ?? 32}`;
    case 'network':
      return `${address}/${textAt(phase, 'remoteid/netbits') ?? ''}`;
    case 'none':
    case 'mobile':
      return '0.0.0.0/0';
    default:
      return undefined;
  }
}
