import { readBlock } from '../../config/address-block.ts';
import { AddressSet, addressValue } from '../../config/address-set.ts';
import { type ConfigTree, listAt, textAt, treeAt } from '../../config/model.ts';
import { type AddressMatch, addressesIn, part } from '../addresses.ts';
import type { Context } from '../context.ts';
import { type Endpoint, readEndpoint } from '../endpoint.ts';
import type { Interface } from '../network.ts';
import { type PfRule, pfRule } from '../pf-rule.ts';
import { type PortRange, readNatPorts } from '../ports.ts';
import { hasGateway } from './gateway-of-interface.ts';
import { routedNetworks } from './routed-networks.ts';
import type { NatRule, Target } from './translation.ts';

/** Outbound NAT in the mode that is set; without a mode it is automatic. */
export function outboundNat(context: Context): NatRule[] {
  const mode = textAt(context.config, 'nat/outbound/mode');
  const manual = mode === 'advanced' || mode === 'hybrid' ? manualRules(context) : [];
  const automatic = mode === undefined || mode === 'automatic' || mode === 'hybrid' ? automaticRules(context) : [];
  return [...ipsecNat(context), ...manual, ...automatic];
}

/** pf takes one of these where the port may change. */
const NEW_PORT: PortRange = [1024, 65_535];

function outward(when: Partial<PfRule>): PfRule {
  return pfRule({ direction: 'out', ...when, origin: { kind: 'hidden', name: 'outbound NAT' } });
}

function manualRules(context: Context): NatRule[] {
  return listAt(context.config, 'nat/outbound/rule').flatMap((raw, index) => {
    const one = context.interfaces.get(textAt(raw, 'interface') ?? '');
    if (treeAt(raw, 'disabled') !== undefined || one === undefined) return [];
    return familiesOf(raw).flatMap((family) => manualRule(raw, index, one, family, context));
  });
}

/** Without a family of its own a rule is for both, as far as its addresses go. */
function familiesOf(raw: ConfigTree): (4 | 6)[] {
  const family = textAt(raw, 'ipprotocol') ?? '';
  if (family !== '') return [family === 'inet6' ? 6 : 4];
  return [4, 6];
}

function manualRule(raw: ConfigTree, index: number, one: Interface, family: 4 | 6, context: Context): NatRule[] {
  const source = endOf(treeAt(raw, 'source'), family, context);
  const destination = endOf(treeAt(raw, 'destination'), family, context);
  const sourcePorts = readNatPorts((textAt(raw, 'sourceport') ?? '').replace(':', '-'), context.aliases);
  const destinationPorts = readNatPorts((textAt(raw, 'dstport') ?? '').replace(':', '-'), context.aliases);
  if (typeof source === 'string' || typeof destination === 'string') return [];
  if (sourcePorts === 'missing' || destinationPorts === 'missing') return [];
  const protocol = textAt(raw, 'protocol') ?? '';
  const protocols = protocol === '' || protocol === 'any' ? null : protocol === 'tcp/udp' ? ['tcp', 'udp'] : [protocol];
  const isStatic = treeAt(raw, 'staticnatport') !== undefined;
  return [
    {
      when: outward({ on: [one.device], family, protocols, source, sourcePorts, destination, destinationPorts }),
      targets: [treeAt(raw, 'nonat') === undefined ? targetOf(raw, one, family, context) : { kind: 'keep' }],
      port: (port) => (isStatic ? port : NEW_PORT),
      passes: false,
      origin: { kind: 'outbound', position: index + 1, description: textAt(raw, 'descr') ?? '' },
    },
  ];
}

/** These ends have all in `network`: words, aliases, networks. */
function endOf(raw: ConfigTree | undefined, family: 4 | 6, context: Context): Endpoint {
  if (raw === undefined) return 'missing';
  const network = textAt(raw, 'network') ?? '';
  if (network === 'any') return readEndpoint({ any: '' }, family, '', context);
  const isWord = network === '(self)' || context.interfaces.has(network.replace(/ip$/, '')) || network === '';
  if (isWord) return readEndpoint(raw, family, '', context);
  const isNot = treeAt(raw, 'not') !== undefined;
  const found = readEndpoint(isNot ? { address: network, not: '' } : { address: network }, family, '', context);
  return found === 'unloadable' ? 'missing' : found;
}

function targetOf(raw: ConfigTree, one: Interface, family: 4 | 6, { aliases }: Context): Target {
  const text = textAt(raw, 'target') ?? '';
  const subnet = textAt(raw, 'target_subnet') ?? '';
  if (text !== '' && aliases(text) !== undefined) return { kind: 'unknown', name: `target ${text}` };
  const block = readBlock(text);
  if (block !== undefined && subnet !== '' && Number(subnet) !== block.bits)
    return { kind: 'unknown', name: 'pool of addresses' };
  const address = addressValue(text);
  if (address !== undefined && address.bits === (family === 4 ? 32 : 128)) return { kind: 'address', address };
  return interfaceAddress(one, family);
}

function interfaceAddress(one: Interface, family: 4 | 6): Target {
  const primary = family === 4 ? one.four : one.six;
  const own = typeof primary === 'object' ? addressValue(primary.address) : undefined;
  return own === undefined ? { kind: 'unknown', name: `address of ${one.name}` } : { kind: 'address', address: own };
}

/** From networks inside to every interface that has a gateway. */
function automaticRules(context: Context): NatRule[] {
  const { config, facts, interfaces } = context;
  const source = insideNetworks(context);
  return [...interfaces.values()].flatMap((one) => {
    if (/^(?:ovpn|ipsec)/.test(one.device)) return [];
    const isOut = hasGateway(one, config, facts);
    if (isOut === false) return [];
    const unless = isOut === true ? [] : isOut;
    return ([4, 6] as const).flatMap((family) =>
      [500, null].map(
        (port): NatRule => ({
          when: outward({
            ...{ on: [one.device], family, source, unless },
            destinationPorts: port === null ? null : { ranges: [[port, port]], unknown: [] },
            protocols: port === null ? null : ['tcp', 'udp'],
          }),
          targets: [interfaceAddress(one, family)],
          port: (from) => (port === null ? NEW_PORT : from),
          passes: false,
          origin: { kind: 'automatic outbound', description: '' },
        }),
      ),
    );
  });
}

function insideNetworks(context: Context): AddressMatch {
  const { config, facts, interfaces } = context;
  const routed = routedNetworks(context);
  const networks = ['127.0.0.0/8', '::1/128', ...routed.networks];
  const unknown = [...routed.unknown];
  for (const one of interfaces.values()) {
    if (one.kind !== 'interface' || one.four === 'none') continue;
    const isOut = hasGateway(one, config, facts);
    if (isOut === true) continue;
    if (isOut !== false || one.four === 'unknown') unknown.push(`networks of ${one.name}`);
    else
      for (const { address, length } of [one.four, ...one.virtual])
        if (!address.includes(':')) networks.push(`${address}/${length}`);
  }
  for (const path of ['openvpn/openvpn-server', 'openvpn/openvpn-client', 'openvpn/openvpn-csc'])
    for (const one of listAt(config, path))
      if (treeAt(one, 'disable') === undefined) networks.push(...(textAt(one, 'tunnel_network') ?? '').split(','));
  // Further ones depend on what the pools of IPsec are now.
  if (listAt(config, 'ipsec/phase1').length > 0) unknown.push('networks behind IPsec');
  return [part({ set: AddressSet.of(networks), unknown })];
}

/** Tunnels that translate what goes into them. */
function ipsecNat({ config }: Context): NatRule[] {
  const has = listAt(config, 'ipsec/phase2').some((one) => treeAt(one, 'natlocalid') !== undefined);
  if (!has) return [];
  return [
    {
      when: outward({ on: ['enc0'], unless: ['NAT of an IPsec tunnel'], source: addressesIn('0.0.0.0/0', '::/0') }),
      targets: [{ kind: 'unknown', name: 'NAT of an IPsec tunnel' }],
      port: () => NEW_PORT,
      passes: false,
      origin: { kind: 'other', description: '' },
    },
  ];
}
