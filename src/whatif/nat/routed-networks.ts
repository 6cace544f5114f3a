import { contains, readBlock } from '../../config/address-block.ts';
import { type ConfigTree, listAt, textAt, treeAt } from '../../config/model.ts';
import type { Context } from '../context.ts';
import { interfaceOfDevice } from '../network.ts';
import type { Truth } from '../truth.ts';
import { hasGateway } from './gateway-of-interface.ts';

const PRIVATE = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'].flatMap(
  (net) => readBlock(net) ?? [],
);

const UNKNOWN = ['networks behind static routes'];

/** Networks behind static routes that automatic outbound NAT counts as inside, and what is not known of others. */
export function routedNetworks(context: Context): { readonly networks: string[]; readonly unknown: string[] } {
  const networks: string[] = [];
  const unknown: string[] = [];
  for (const route of listAt(context.config, 'staticroutes/route')) {
    if (treeAt(route, 'disabled') !== undefined) continue;
    const truth = isInside(route, context);
    if (truth === true) networks.push(textAt(route, 'network') ?? '');
    else if (truth !== false) unknown.push(...truth);
  }
  return { networks, unknown: [...new Set(unknown)] };
}

/** A private network behind a gateway on an interface that is no way out. */
function isInside(route: ConfigTree, { config, facts, gateways, interfaces }: Context): Truth {
  const network = readBlock(textAt(route, 'network') ?? '');
  // An alias stands for networks of its own.
  if (network === undefined) return UNKNOWN;
  const start = { ...network, last: network.first };
  if (!PRIVATE.some((one) => contains(one, start))) return false;
  const gateway = gateways.find(textAt(route, 'gateway') ?? '');
  if (gateway === undefined) return gateways.isComplete ? false : UNKNOWN;
  const one = gateway.device === null ? undefined : interfaceOfDevice(interfaces, gateway.device);
  if (one === undefined) return UNKNOWN;
  const isOut = hasGateway(one, config, facts);
  return typeof isOut === 'boolean' ? !isOut : UNKNOWN;
}
