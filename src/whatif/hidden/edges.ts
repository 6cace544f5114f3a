import { readBlock } from '../../config/address-block.ts';
import { AddressSet } from '../../config/address-set.ts';
import { type ConfigTree, listAt, textAt, treeAt } from '../../config/model.ts';
import { type AddressMatch, ANYWHERE, addressesIn, part } from '../addresses.ts';
import type { Context } from '../context.ts';
import { isIpsecEnabled } from '../network.ts';
import type { PfRule } from '../pf-rule.ts';
import { anchor } from './around-users.ts';
import { hidden, port, undecided } from './hidden-rule.ts';

/** Before everything: rules of packages, and those that RADIUS gives to single VPN users. */
export function earliestRules(context: Context): PfRule[] {
  return [
    ...packages(context),
    ...anchor('openvpn', usesRadius(context.config, 'openvpn/openvpn-server', 'authmode') ? ['openvpn'] : [], context),
    ...anchor('ipsec', usesIpsecRadius(context.config) ? ['enc0'] : [], context),
  ];
}

/** After the rules of users. */
export function latestRules(context: Context): PfRule[] {
  return [...staticRoutes(context), ...ipsecService(context), ...upnp(context), ...packages(context)];
}

function packages({ config }: Context): PfRule[] {
  return listAt(config, 'installedpackages/package')
    .filter((one) => (textAt(one, 'filter_rule_function') ?? '') !== '')
    .flatMap((one) => undecided(`rules of package ${textAt(one, 'name') ?? ''}`, {}));
}

function usesRadius(config: ConfigTree, path: string, key: string): boolean {
  const radius = new Set(
    listAt(config, 'system/authserver').flatMap((one) =>
      textAt(one, 'type') === 'radius' ? [textAt(one, 'name')] : [],
    ),
  );
  return listAt(config, path).some((one) => (textAt(one, key) ?? '').split(',').some((name) => radius.has(name)));
}

function usesIpsecRadius(config: ConfigTree): boolean {
  return isIpsecEnabled(config) && listAt(config, 'ipsec/phase1').some((one) => treeAt(one, 'mobile') !== undefined);
}

function upnp({ config }: Context): PfRule[] {
  if (textAt(config, 'installedpackages/miniupnpd/config/0/enable') !== 'on') return [];
  return undecided('port mappings of UPnP', { protocols: ['tcp', 'udp'] });
}

/** "Bypass firewall rules for traffic on the same interface". */
function staticRoutes({ config, interfaces }: Context): PfRule[] {
  if (treeAt(config, 'filter/bypassstaticroutes') === undefined) return [];
  return listAt(config, 'staticroutes/route').flatMap((route) => {
    if (treeAt(route, 'disabled') !== undefined) return [];
    const network = readBlock(textAt(route, 'network') ?? '');
    const gateway = listAt(config, 'gateways/gateway_item').find(
      (one) => textAt(one, 'name') === textAt(route, 'gateway'),
    );
    const one = gateway === undefined ? undefined : interfaces.get(textAt(gateway, 'interface') ?? '');
    const label = 'pass traffic between statically routed subnets';
    if (network === undefined || one === undefined) return undecided(label, {});
    const primary = network.bits === 32 ? one.four : one.six;
    if (primary === 'none') return [];
    const far: AddressMatch = [part({ set: new AddressSet([network]) })];
    const near: AddressMatch =
      primary === 'unknown'
        ? [part({ unknown: [`networks of ${one.name}`] })]
        : addressesIn(`${primary.address}/${primary.length}`);
    const both = { quick: true, on: [one.device], family: network.bits === 32 ? 4 : 6 } as const;
    return [
      hidden(label, { ...both, source: near, destination: far }),
      hidden(label, { ...both, source: far, destination: near }),
    ];
  });
}

/** IKE and the packets of tunnels; only where no rule of a user decided. */
function ipsecService({ config, interfaces, own }: Context): PfRule[] {
  if (!isIpsecEnabled(config) || treeAt(config, 'system/disablevpnrules') !== undefined) return [];
  return listAt(config, 'ipsec/phase1').flatMap((phase) => {
    if (treeAt(phase, 'disabled') !== undefined || treeAt(phase, 'gw_duplicates') !== undefined) return [];
    const gateway = textAt(phase, 'remote-gateway') ?? '';
    const isMobile = treeAt(phase, 'mobile') !== undefined;
    const source = isMobile || gateway === '0.0.0.0' || gateway === '::' ? ANYWHERE : peer(gateway);
    const one = interfaces.get(textAt(phase, 'interface') ?? '');
    const parent = listAt(config, 'virtualip/vip').find(
      (vip) => `_vip${textAt(vip, 'uniqid') ?? ''}` === textAt(phase, 'interface'),
    );
    const on = one?.device ?? interfaces.get((parent && textAt(parent, 'interface')) ?? '')?.device;
    const into = { direction: 'in', on: on === undefined ? null : [on], source, destination: own.all } as const;
    const unless = on === undefined ? ['interface of an IPsec tunnel'] : [];
    const ike = Number(textAt(config, 'ipsec/port')) || 500;
    const natt = Number(textAt(config, 'ipsec/port_nat_t')) || 4500;
    return [
      hidden('IPsec: inbound isakmp', { ...into, unless, protocols: ['udp'], destinationPorts: port(ike, natt) }),
      ...protocolsOf(phase, config).map((protocol) =>
        hidden(`IPsec: inbound ${protocol}`, { ...into, unless, protocols: [protocol] }),
      ),
    ];
  });
}

function peer(gateway: string): AddressMatch {
  return readBlock(gateway) === undefined ? [part({ unknown: ['address of an IPsec peer'] })] : addressesIn(gateway);
}

function protocolsOf(phase: ConfigTree, config: ConfigTree): string[] {
  const used = listAt(config, 'ipsec/phase2')
    .filter((one) => textAt(one, 'ikeid') === textAt(phase, 'ikeid'))
    .map((one) => textAt(one, 'protocol') ?? '');
  return ['esp', 'ah'].filter((protocol) => used.includes(protocol));
}
