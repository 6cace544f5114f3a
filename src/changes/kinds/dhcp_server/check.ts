import { type AddressBlock, contains, readBlock } from '../../../config/address-block.ts';
import { type ConfigSection, type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../../config/model.ts';
import { withTree } from '../../../config/update.ts';
import { refused } from '../../kind.ts';
import { mappingsOf, rangesOf } from '../dhcp_mapping/store.ts';
import { has, servesDhcp } from '../dns/check.ts';
import { networkOfInterface } from '../static-ipv4.ts';

/** What pfSense takes where no lease time is set, in seconds. */
const DEFAULT_LEASE = 7_200;

/**
 * Refuses what pfSense's page would not save.
 * @throws PfsenseError `bad_input`
 */
export function checkServer(config: ConfigTree, key: string, server: ConfigSection): void {
  const next = withTree(config, ['dhcpd', key], server);
  const isOn = has(server, 'enable');
  const problems: [boolean, string][] = [
    [isOn && !has(config, `interfaces/${key}/enable`), 'interface: it is disabled.'],
    [isOn && textAt(server, 'range/from') === undefined, 'range: a server that is on needs one.'],
    [isOn && isRelayed(config, key), 'enabled: the DHCP relay is on for this interface.'],
    [!isOn && !servesDhcp(next) && registersNames(config), 'enabled: the DNS service registers names of DHCP clients.'],
    [has(server, 'nonak') && !!textAt(server, 'failover_peerip'), 'ignoreDenied: not with a failover peer.'],
    [
      has(server, 'staticarp') && mappingsOf(config, key).some((mapping) => !textAt(mapping, 'ipaddr')),
      'staticArp: a static mapping has no address.',
    ],
    [isTooShort(config, key, server), 'defaultLeaseSeconds: shorter than the hard timeout of a captive portal there.'],
  ];
  const found = problems.find(([isWrong]) => isWrong);
  if (found !== undefined) throw refused(found[1]);
  checkRanges(next, key);
}

function isRelayed(config: ConfigTree, key: string): boolean {
  return has(config, 'dhcrelay/enable') && (textAt(config, 'dhcrelay/interface') ?? '').includes(key);
}

function registersNames(config: ConfigTree): boolean {
  const flags = { unbound: ['regdhcp', 'regdhcpstatic'], dnsmasq: ['regdhcp', 'regdhcpstatic', 'dhcpfirst'] };
  return Object.entries(flags).some(
    ([section, names]) => has(config, `${section}/enable`) && names.some((name) => has(config, `${section}/${name}`)),
  );
}

function isTooShort(config: ConfigTree, key: string, server: ConfigSection): boolean {
  const lease = Number(textAt(server, 'defaultleasetime') || DEFAULT_LEASE);
  return entriesAt(config, 'captiveportal').some(
    ([, zone]) =>
      treeAt(zone, 'enable') !== undefined &&
      (textAt(zone, 'interface') ?? '').split(',').includes(key) &&
      Number(textAt(zone, 'timeout') || 0) > lease,
  );
}

/** Ranges lie in the network, apart from each other, from virtual IPs and from what is fixed for somebody. */
function checkRanges(config: ConfigTree, key: string): void {
  const network = networkOfInterface(config, key);
  const blocks = rangesOf(config, key)
    .filter(({ from, to }) => from !== '' || to !== '')
    .map(({ from, to }) => checkedRange(network, from, to));
  blocks.forEach((block, index) => {
    if (blocks.slice(index + 1).some((other) => overlaps(block, other)))
      throw refused('pools: two of the ranges have addresses in common.');
  });
  const isInside = (address: string | undefined): boolean => {
    const one = readBlock(address ?? '');
    return one !== undefined && blocks.some((block) => contains(block, one));
  };
  const virtual = listAt(config, 'virtualip/vip')
    .filter((vip) => textAt(vip, 'interface') === key)
    .find((vip) => isInside(textAt(vip, 'subnet')));
  if (virtual !== undefined) throw refused(`range: the virtual IP ${textAt(virtual, 'subnet')} lies in it.`);
  const fixed = mappingsOf(config, key).find((mapping) => isInside(textAt(mapping, 'ipaddr')));
  if (fixed !== undefined)
    throw refused(`range: the address ${textAt(fixed, 'ipaddr')} in it is fixed for a client by a static mapping.`);
}

function checkedRange(network: AddressBlock, from: string, to: string): AddressBlock {
  const block = readBlock(`${from}-${to}`);
  if (block === undefined) throw refused(`range: ${from} comes behind ${to}.`);
  if (!contains(network, block)) throw refused(`range: ${from} to ${to} is not inside the network of the interface.`);
  if (block.first === network.first) throw refused('range: it begins with the address of the network.');
  if (block.last === network.last) throw refused('range: it ends with the broadcast address.');
  return block;
}

function overlaps(one: AddressBlock, other: AddressBlock): boolean {
  return one.first <= other.last && other.first <= one.last;
}
