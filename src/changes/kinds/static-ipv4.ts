import { parseAddress } from '../../config/address.ts';
import { type AddressBlock, contains, readBlock } from '../../config/address-block.ts';
import { type ConfigTree, listAt, textAt } from '../../config/model.ts';
import { refused } from '../kind.ts';

/**
 * The network of an interface that has a fixed IPv4 address, the only ones that can serve DHCP.
 * @throws PfsenseError `bad_input`
 */
export function networkOfInterface(config: ConfigTree, key: string): AddressBlock {
  const [address = '', length = ''] = ['ipaddr', 'subnet'].map((name) => textAt(config, `interfaces/${key}/${name}`));
  const block = isIpv4(address) && Number(length) < 31 ? readBlock(`${address}/${length}`) : undefined;
  if (block !== undefined) return block;
  throw refused(`interface: ${key} has no fixed IPv4 address with a network to serve.`);
}

export function isIpv4(text: string): boolean {
  return parseAddress(text)?.kind() === 'ipv4';
}

/** Whether an address lies in the network of an interface or of an IP alias on it. */
export function isReachable(config: ConfigTree, key: string, address: string): boolean {
  const one = readBlock(address);
  const aliases = listAt(config, 'virtualip/vip')
    .filter((vip) => textAt(vip, 'interface') === key && textAt(vip, 'mode') === 'ipalias')
    .map((vip) => readBlock(`${textAt(vip, 'subnet')}/${textAt(vip, 'subnet_bits')}`));
  return [networkOfInterface(config, key), ...aliases].some(
    (block) => block !== undefined && one !== undefined && contains(block, one),
  );
}
