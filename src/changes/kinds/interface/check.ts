import { networkAddress, readBlock } from '../../../config/address-block.ts';
import { type ConfigSection, type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../../config/model.ts';
import { refused } from '../../kind.ts';
import { type Family, familyOf } from '../endpoint.ts';
import { gatewayNamed } from '../gateway/known.ts';
import { networksOf } from '../static_route/network.ts';
import { vipsOf } from '../virtual_ip/vip.ts';

const FIELDS = {
  inet: { argument: 'ipv4', address: 'ipaddr', length: 'subnet', gateway: 'gateway' },
  inet6: { argument: 'ipv6', address: 'ipaddrv6', length: 'subnetv6', gateway: 'gatewayv6' },
} as const;

/**
 * Refuses addresses that pfSense's page would not save; `entry` is the interface as it would be.
 * @throws PfsenseError `bad_input`
 */
export function checkAddressing(config: ConfigTree, key: string, entry: ConfigSection, family: Family): void {
  const { argument, address, gateway } = FIELDS[family];
  const way = textAt(entry, address) ?? '';
  checkServer(config, key, entry, family);
  const isNone = way === '';
  if (isNone && vipsOf(config).some((vip) => textAt(vip, 'interface') === key && isOf(family, textAt(vip, 'subnet'))))
    throw refused(`${argument}: virtual addresses of this family are on the interface.`, 'Delete them first.');
  if (familyOf(way) === family) checkStatic(config, key, entry, family);
  const name = textAt(entry, gateway);
  if (name === undefined) return;
  const found = gatewayNamed(config, name);
  if (found === undefined) throw refused(`${argument}.gateway: there is no gateway ${name}.`, 'gateway.add makes one.');
  if (found.family !== family) throw refused(`${argument}.gateway: ${name} is of the other address family.`);
}

function isOf(family: Family, text: string | undefined): boolean {
  return familyOf(text ?? '') === family;
}

function checkStatic(config: ConfigTree, key: string, entry: ConfigSection, family: Family): void {
  const { argument, address, length } = FIELDS[family];
  const own = textAt(entry, address) ?? '';
  const text = `${own}/${textAt(entry, length) ?? ''}`;
  const [block, point] = [readBlock(text), readBlock(own)];
  if (block === undefined || point === undefined) throw refused(`${argument}.address: no address with its length.`);
  if (family === 'inet6' && /^fe[89ab]/i.test(own)) throw refused(`${argument}.address: a link-local address.`);
  if (family === 'inet' && Number(textAt(entry, length)) < 31) {
    if (point.first === block.first) throw refused(`${argument}.address: it is that of the network.`);
    if (point.first === block.last) throw refused(`${argument}.address: it is the broadcast address of the network.`);
  }
  const other = entriesAt(config, 'interfaces').find(([one, interfaceEntry]) => {
    if (one === key || treeAt(interfaceEntry, 'enable') === undefined) return false;
    const theirs = readBlock(`${textAt(interfaceEntry, address) ?? ''}/${textAt(interfaceEntry, length) ?? ''}`);
    return theirs?.bits === block.bits && theirs.first <= block.last && block.first <= theirs.last;
  });
  if (other !== undefined)
    throw refused(`${argument}.address: the network overlaps that of the interface ${other[0]}.`);
  const network = networkAddress(text) ?? '';
  const routed = listAt(config, 'staticroutes/route').flatMap((route) =>
    networksOf(config, textAt(route, 'network') ?? ''),
  );
  if (routed.includes(network)) throw refused(`${argument}.address: there is a static route to ${network}.`);
}

function checkServer(config: ConfigTree, key: string, entry: ConfigSection, family: Family): void {
  const { argument, address } = FIELDS[family];
  const way = textAt(entry, address) ?? '';
  const isStatic = familyOf(way) === family;
  const hint = 'Switch that server off on this interface first.';
  if (family === 'inet' && treeAt(config, `dhcpd/${key}/enable`) !== undefined) {
    if (!isStatic) throw refused(`${argument}: the DHCP server is active here and needs a static address.`, hint);
    if (Number(textAt(entry, 'subnet')) >= 31)
      throw refused(`${argument}: the DHCP server is active here and needs a network below /31.`, hint);
  }
  if (family === 'inet6' && !isStatic && way !== 'track6') {
    const mode = textAt(config, `dhcpdv6/${key}/ramode`) ?? 'disabled';
    if (treeAt(config, `dhcpdv6/${key}/enable`) !== undefined || mode !== 'disabled')
      throw refused(`${argument}: DHCPv6 or router advertisements are active here and need a static address.`, hint);
  }
}
