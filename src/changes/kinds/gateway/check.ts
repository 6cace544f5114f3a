import { contains, readBlock } from '../../../config/address-block.ts';
import { type ConfigSection, type ConfigTree, listAt, textAt, treeAt } from '../../../config/model.ts';
import { refused } from '../../kind.ts';
import { type Family, familyOf } from '../endpoint.ts';
import { gatewaysOf } from './known.ts';
import { checkMonitor } from './monitor.ts';
import { referencesToGateway } from './references.ts';

/**
 * Refuses what pfSense's page would not save.
 * @throws PfsenseError `bad_input`
 */
export function checkGateway(config: ConfigTree, gateway: ConfigSection): void {
  const key = textAt(gateway, 'interface') ?? '';
  if (treeAt(config, `interfaces/${key}`) === undefined)
    throw refused(`interface: there is no interface with the key ${key}.`, 'pf_interface_list lists them.');
  checkFamily(gateway);
  checkPlace(config, gateway, key);
  checkTwice(config, gateway);
  checkMonitor(gateway);
  if ('disabled' in gateway) checkUnused(config, textAt(gateway, 'name') ?? '', 'disabled');
}

/**
 * @param what what is to happen to it
 * @throws PfsenseError `bad_input` when others need it
 */
export function checkUnused(config: ConfigTree, name: string, what: 'disabled' | 'deleted'): void {
  const users = referencesToGateway(config, name, what);
  if (users.length === 0) return;
  const shown = users.slice(0, 8).join(', ');
  throw refused(
    `name: the gateway ${name} cannot be ${what}: it is in use by ${shown}${users.length > 8 ? ' and more' : ''}.`,
    'Change those first; the same plan can do it.',
  );
}

function checkFamily(gateway: ConfigSection): void {
  const family = textAt(gateway, 'ipprotocol');
  for (const [argument, key] of [
    ['address', 'gateway'],
    ['monitor', 'monitor'],
  ] as const) {
    const own = familyOf(textAt(gateway, key) ?? '');
    if (own !== undefined && own !== family)
      throw refused(`${argument}: the address is of the other family than the gateway (${family}).`);
  }
}

function checkPlace(config: ConfigTree, gateway: ConfigSection, key: string): void {
  const address = textAt(gateway, 'gateway') ?? '';
  const family: Family = textAt(gateway, 'ipprotocol') === 'inet6' ? 'inet6' : 'inet';
  const [own, length] = family === 'inet' ? ['ipaddr', 'subnet'] : ['ipaddrv6', 'subnetv6'];
  const word = textAt(config, `interfaces/${key}/${own}`) ?? '';
  const isStatic = familyOf(word) === family;
  if (address === 'dynamic' && isStatic)
    throw refused('address: the interface has a static address, so its gateway needs one too.');
  if (address === 'dynamic' || /^fe[89ab]/i.test(address)) return;
  if (word === '') throw refused(`address: the interface ${key} has no address of this family.`);
  // What an interface gets by DHCP and the like is not known here; then the firewall finds out.
  if (!isStatic || 'nonlocalgateway' in gateway) return;
  const networks = [
    `${word}/${textAt(config, `interfaces/${key}/${length}`) ?? ''}`,
    ...listAt(config, 'virtualip/vip')
      .filter((vip) => textAt(vip, 'interface') === key)
      .map((vip) => `${textAt(vip, 'subnet')}/${textAt(vip, 'subnet_bits')}`),
  ];
  const block = readBlock(address);
  const isInside = networks.some((network) => {
    const outer = readBlock(network);
    return outer !== undefined && block !== undefined && contains(outer, block);
  });
  if (!isInside)
    throw refused(
      `address: it lies in none of the networks of the interface ${key}.`,
      'Set nonLocal for a gateway outside of them.',
    );
}

function checkTwice(config: ConfigTree, gateway: ConfigSection): void {
  const others = gatewaysOf(config).filter((other) => textAt(other, 'name') !== textAt(gateway, 'name'));
  const taken = (key: string, value: string): ConfigSection | undefined =>
    familyOf(value) && others.find((other) => textAt(other, key) === value);
  const address = textAt(gateway, 'gateway') ?? '';
  const monitor = textAt(gateway, 'monitor') ?? '';
  const same = taken('gateway', address);
  if (same !== undefined) throw refused(`address: the gateway ${textAt(same, 'name')} has it already.`);
  const watched = taken('monitor', monitor) ?? others.find((other) => monitor !== '' && monitorOf(other) === monitor);
  if (watched !== undefined)
    throw refused(`monitor: the gateway ${textAt(watched, 'name')} is measured there already.`);
}

/** A gateway without a monitor address of its own is measured at its address. */
function monitorOf(gateway: ConfigSection): string | undefined {
  if ('monitor_disable' in gateway) return textAt(gateway, 'monitor');
  return textAt(gateway, 'monitor') || textAt(gateway, 'gateway');
}
