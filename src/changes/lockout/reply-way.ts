import { isInNetwork } from '../../config/address.ts';
import { networkOf } from '../../config/address-block.ts';
import { type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../config/model.ts';
import { networksOf } from '../kinds/static_route/network.ts';

interface Session {
  readonly client: string;
  /** Key of the interface by which it came in, when it is one. */
  readonly key: string | undefined;
  /** The client is in a network of that interface. */
  readonly isNear: boolean;
}

/** Everything that decides where the answers to a session go; the same twice is the same way. */
export interface ReplyWay {
  readonly text: string;
  readonly parts: readonly unknown[];
}

/** How a configuration sends the answers to a session, as far as it decides. */
export function replyWay(config: ConfigTree, { client, key, isNear }: Session): ReplyWay {
  const routes = routesTo(config, client);
  const elsewhere = otherNetworks(config, client, key);
  const best = Math.max(-1, ...routes.map(({ length }) => length));
  const used = routes.filter(({ length }) => length === best);
  // pfSense lets answers leave by the gateway of the interface that a connection came in by.
  const named = ['gateway', 'gatewayv6'].map((field) => textAt(config, `interfaces/${key ?? ''}/${field}`) ?? '');
  const own = gatewaysBy(config, (item) => {
    const isDynamic = textAt(item, 'interface') === key && textAt(item, 'gateway') === 'dynamic';
    return isDynamic || named.includes(textAt(item, 'name') ?? '');
  });
  const parts = [used, elsewhere, own, ...(isNear || used.length > 0 ? [] : [defaultWay(config, client)])];
  const [route] = used;
  const text =
    route !== undefined
      ? `a static route to ${route.network} by ${route.gateway}`
      : elsewhere.length > 0
        ? `a network of ${elsewhere.join(', ')}`
        : 'by another gateway, or by none';
  return { text, parts };
}

function routesTo(config: ConfigTree, client: string) {
  return listAt(config, 'staticroutes/route')
    .filter((route) => treeAt(route, 'disabled') === undefined)
    .flatMap((route) => {
      const gateway = textAt(route, 'gateway') ?? '';
      return networksOf(config, textAt(route, 'network') ?? '')
        .filter((network) => isInNetwork(client, network))
        .map((network) => ({
          network,
          length: networkOf(network)?.length ?? 0,
          gateway,
          item: gatewaysBy(config, (one) => textAt(one, 'name') === gateway),
        }));
    });
}

/** Other interfaces and virtual addresses in whose network the client would be. */
function otherNetworks(config: ConfigTree, client: string, key: string | undefined): string[] {
  const holds = (address: string | undefined, length: string | undefined): boolean =>
    address !== undefined && length !== undefined && isInNetwork(client, `${address}/${length}`);
  const interfaces = entriesAt(config, 'interfaces')
    .filter(([one, entry]) => one !== key && treeAt(entry, 'enable') !== undefined)
    .filter(
      ([, entry]) =>
        holds(textAt(entry, 'ipaddr'), textAt(entry, 'subnet')) ||
        holds(textAt(entry, 'ipaddrv6'), textAt(entry, 'subnetv6')),
    )
    .map(([one]) => one);
  const virtual = listAt(config, 'virtualip/vip')
    .filter((vip) => textAt(vip, 'interface') !== key)
    .filter((vip) => holds(textAt(vip, 'subnet'), textAt(vip, 'subnet_bits')))
    .map((vip) => textAt(vip, 'subnet') ?? '');
  return [...interfaces, ...virtual];
}

/** The gateway, group or, where pfSense chooses by itself, all gateways that the default route can go by. */
function defaultWay(config: ConfigTree, client: string): unknown {
  const family = client.includes(':') ? 'inet6' : 'inet';
  const name = textAt(config, `gateways/defaultgw${family === 'inet' ? '4' : '6'}`) ?? '';
  const group = listAt(config, 'gateways/gateway_group').find((one) => textAt(one, 'name') === name);
  const members = group === undefined ? [name] : listAt(group, 'item').map((item) => String(item).split('|')[0] ?? '');
  const isMeant = (item: ConfigTree): boolean =>
    name === '' ? textAt(item, 'ipprotocol') === family : members.includes(textAt(item, 'name') ?? '');
  return [name, group === undefined ? null : listAt(group, 'item'), gatewaysBy(config, isMeant)];
}

/** What of gateways decides where packets go. */
function gatewaysBy(config: ConfigTree, isMeant: (item: ConfigTree) => boolean): unknown[] {
  return listAt(config, 'gateways/gateway_item')
    .filter(isMeant)
    .map((item) => [
      ...['name', 'interface', 'gateway', 'ipprotocol'].map((field) => textAt(item, field)),
      ...['disabled', 'force_down', 'nonlocalgateway'].map((field) => treeAt(item, field) !== undefined),
    ]);
}
