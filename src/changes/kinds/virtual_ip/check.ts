import { canonicalAddress } from '../../../config/address.ts';
import { networkAddress, readBlock } from '../../../config/address-block.ts';
import { type ConfigSection, type ConfigTree, entriesAt, textAt, treeAt } from '../../../config/model.ts';
import { refused } from '../../kind.ts';
import { familyOf } from '../endpoint.ts';
import { isPseudoDevice } from '../interface/device.ts';
import { vipsOf } from './vip.ts';

/**
 * Refuses what pfSense's page would not save.
 * @throws PfsenseError `bad_input`
 */
export function checkVip(config: ConfigTree, vip: ConfigSection, others: readonly ConfigSection[]): void {
  checkInterface(config, vip);
  checkFree(config, vip, others);
  const mode = textAt(vip, 'mode');
  if (mode === 'ipalias' || mode === 'carp') checkHost(vip);
  if (mode === 'carp') checkGroup(vip, others);
}

function checkInterface(config: ConfigTree, vip: ConfigSection): void {
  const [key, mode] = [textAt(vip, 'interface') ?? '', textAt(vip, 'mode')];
  if (key === 'lo0' || key.startsWith('_vip')) {
    if (mode !== 'ipalias') throw refused(`interface: only an IP alias can be on ${key}.`);
    if (key !== 'lo0') checkRidden(config, vip, key.slice(4));
    return;
  }
  const entry = treeAt(config, `interfaces/${key}`);
  if (entry === undefined) throw refused(`interface: there is no interface with the key ${key}.`);
  if (isPseudoDevice(config, textAt(entry, 'if') ?? '') && (mode === 'carp' || mode === 'proxyarp'))
    throw refused(`interface: ${key} is of a kind that does not have ${mode}.`);
  const isBare = !textAt(entry, 'ipaddr') && !textAt(entry, 'ipaddrv6');
  if (isBare && treeAt(entry, 'enable') !== undefined)
    throw refused(`interface: ${key} has no address, so it can carry no virtual one.`);
}

function checkRidden(config: ConfigTree, vip: ConfigSection, uniqid: string): void {
  const parent = vipsOf(config).find((one) => textAt(one, 'uniqid') === uniqid);
  if (parent === undefined || textAt(parent, 'mode') !== 'carp')
    throw refused('interface: there is no CARP address with this uniqid.');
  if (familyOf(textAt(parent, 'subnet') ?? '') !== familyOf(textAt(vip, 'subnet') ?? ''))
    throw refused('interface: the CARP address is of the other address family.');
}

function checkFree(config: ConfigTree, vip: ConfigSection, others: readonly ConfigSection[]): void {
  const address = canonicalAddress(textAt(vip, 'subnet') ?? '');
  const isSame = (text: string | undefined): boolean => text !== undefined && canonicalAddress(text) === address;
  const owner = entriesAt(config, 'interfaces').find(([, entry]) =>
    ['ipaddr', 'ipaddrv6'].some((field) => isSame(textAt(entry, field))),
  );
  if (owner !== undefined) throw refused(`address: the interface ${owner[0]} has it.`);
  if (others.some((other) => isSame(textAt(other, 'subnet'))))
    throw refused('address: another virtual address is the same.');
}

function checkHost(vip: ConfigSection): void {
  const [address, bits] = [textAt(vip, 'subnet') ?? '', textAt(vip, 'subnet_bits') ?? ''];
  const block = readBlock(`${address}/${bits}`);
  if (block === undefined || block.bits !== 32 || Number(bits) >= 31) return;
  const own = readBlock(address)?.first;
  if (own === block.first) throw refused(`address: it is that of the network ${networkAddress(`${address}/${bits}`)}.`);
  if (own === block.last) throw refused('address: it is the broadcast address of its network.');
}

function checkGroup(vip: ConfigSection, others: readonly ConfigSection[]): void {
  const [vhid, key] = [textAt(vip, 'vhid'), textAt(vip, 'interface')];
  if (others.some((other) => textAt(other, 'vhid') === vhid && textAt(other, 'interface') === key))
    throw refused(`vhid: the group ${vhid} is in use on ${key}.`);
}
