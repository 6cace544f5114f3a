import { networkAddress, readBlock } from '../../../config/address-block.ts';
import { type ConfigTree, entriesAt, textAt } from '../../../config/model.ts';
import { refused } from '../../kind.ts';
import { aliasesOf, aliasType, membersOf } from '../aliases.ts';
import { familyOf, readNetwork } from '../endpoint.ts';

/**
 * A destination as pfSense writes it: the network without host bits and with its length, or the name of an alias.
 * @throws PfsenseError `bad_input`
 */
export function readDestination(config: ConfigTree, text: string, argument: string): string {
  const network = networkAddress(readNetwork(text) ?? '');
  if (network !== undefined) return network;
  const type = aliasType(config, text);
  if (type !== undefined && ['host', 'network', 'url'].includes(type)) return text;
  throw refused(
    `${argument}: neither a network in CIDR form nor an alias of hosts or networks.`,
    'Aliases go by their names (pf_alias_search); downloaded tables cannot be routed.',
  );
}

/** The networks that a destination stands for; host names, whose addresses nobody knows here, are left out. */
export function networksOf(config: ConfigTree, destination: string): string[] {
  const network = networkAddress(destination);
  return network === undefined ? aliasNetworks(config, destination, new Set()) : [network];
}

function aliasNetworks(config: ConfigTree, name: string, seen: Set<string>): string[] {
  if (seen.has(name)) return [];
  seen.add(name);
  const alias = aliasesOf(config).find((one) => textAt(one, 'name') === name);
  return (alias === undefined ? [] : membersOf(alias)).flatMap((word) => {
    const network = networkAddress(word);
    return network === undefined ? aliasNetworks(config, word, seen) : [network];
  });
}

/** @throws PfsenseError `bad_input` when an interface lies in this very network */
export function checkInterfaces(config: ConfigTree, network: string): void {
  const family = familyOf(network);
  if (family === undefined) return;
  const [address, length] = family === 'inet' ? ['ipaddr', 'subnet'] : ['ipaddrv6', 'subnetv6'];
  const found = entriesAt(config, 'interfaces').find(([, entry]) => {
    const own = `${textAt(entry, address) ?? ''}/${textAt(entry, length) ?? ''}`;
    return readBlock(own) !== undefined && networkAddress(own) === network;
  });
  if (found !== undefined) throw refused(`network: it is the network of the interface ${found[0]}.`);
}
