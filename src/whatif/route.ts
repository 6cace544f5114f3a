import { type AddressBlock, contains, readBlock } from '../config/address-block.ts';
import type { AddressValue } from '../config/address-set.ts';
import { type ConfigTree, listAt, textAt, treeAt } from '../config/model.ts';
import type { Context } from './context.ts';

/** Way out of a packet. */
export interface WayOut {
  readonly device: string;
  /** null: the destination is on that network itself. */
  readonly gateway: string | null;
}

interface Entry extends WayOut {
  readonly block: AddressBlock;
}

/** The way out that the configuration gives; undefined: not known. */
export function routeTo(destination: AddressValue, context: Context): WayOut | undefined {
  const wanted = { first: destination.value, last: destination.value, bits: destination.bits };
  const found = [...connected(context), ...staticRoutes(context)].filter(({ block }) => contains(block, wanted));
  found.sort((a, b) => (a.block.last - a.block.first < b.block.last - b.block.first ? -1 : 1));
  const [best] = found;
  if (mayGoElsewhere(context.config) && best?.gateway !== null) return undefined;
  if (best === undefined) return fallback(destination.bits === 32 ? 4 : 6, context);
  return { device: best.device, gateway: best.gateway };
}

function connected({ interfaces }: Context): Entry[] {
  return [...interfaces.values()]
    .filter(({ kind }) => kind === 'interface')
    .flatMap(({ device, four, six, virtual }) =>
      [four, six, ...virtual].flatMap((one) => {
        const block = typeof one === 'object' ? readBlock(`${one.address}/${one.length}`) : undefined;
        return block === undefined ? [] : [{ block, device, gateway: null }];
      }),
    );
}

function staticRoutes({ config, gateways }: Context): Entry[] {
  return listAt(config, 'staticroutes/route').flatMap((route) => {
    const gateway = gateways.find(textAt(route, 'gateway') ?? '');
    const block = readBlock(textAt(route, 'network') ?? '');
    if (treeAt(route, 'disabled') !== undefined || block === undefined || !gateway?.device) return [];
    return [{ block, device: gateway.device, gateway: gateway.address }];
  });
}

function fallback(family: 4 | 6, { gateways }: Context): WayOut | undefined {
  const gateway = gateways.fallback(family);
  return gateway?.device ? { device: gateway.device, gateway: gateway.address } : undefined;
}

/** VPNs and routing daemons add routes, and IPsec takes packets without one. */
function mayGoElsewhere(config: ConfigTree): boolean {
  const vpn = ['ipsec/phase1', 'openvpn/openvpn-server', 'openvpn/openvpn-client'];
  const daemons = listAt(config, 'installedpackages/package').some((one) =>
    /frr|bird|openbgpd|quagga|wireguard|tailscale/i.test(textAt(one, 'name') ?? ''),
  );
  return daemons || vpn.some((path) => listAt(config, path).length > 0);
}

/** The way out of a rule's gateway; undefined: not known, null: the routing table decides. */
export function wayOfGateway(name: string | null, { gateways }: Context): WayOut | null | undefined {
  if (name === null) return null;
  const gateway = gateways.find(name);
  if (gateway === undefined) return undefined;
  if (gateway.isUp === false) return null;
  return gateway.isUp === null || gateway.device === null
    ? undefined
    : { device: gateway.device, gateway: gateway.address };
}
