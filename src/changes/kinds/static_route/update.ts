import { z } from 'zod';
import type { ConfigTree } from '../../../config/model.ts';
import { defineKind } from '../../kind.ts';
import { type Fields, flag, given, withFields } from '../fields.ts';
import { RouteNetwork, routeFields } from './arguments.ts';
import { readDestination } from './network.ts';
import { checkRoute, type FoundRoute, findRoute, needRoute, routesOf, withRoutes } from './store.ts';

export default defineKind({
  id: 'static_route.update',
  summary: 'Change parts of a static route; what is not given stays.',
  tier: 'durable',
  input: z
    .strictObject({ ...routeFields, newNetwork: RouteNetwork.describe('Destination instead of the one it has') })
    .partial()
    .extend({ network: RouteNetwork }),
  example: { network: '10.20.0.0/16', gateway: 'WAN_DHCP' },
  apply(config, { network: text, newNetwork, gateway, description, disabled }) {
    const network = readDestination(config, text, 'network');
    const fields = {
      ...given('network', newNetwork && readDestination(config, newNetwork, 'newNetwork')),
      ...given('gateway', gateway),
      ...given('descr', description),
      ...flag('disabled', disabled),
    };
    const { route: old, index } = foundFor(config, network, fields);
    const route = withFields(old, fields);
    if (route === old) return config;
    checkRoute(config, route, routesOf(config).toSpliced(index, 1));
    return withRoutes(config, routesOf(config).with(index, route));
  },
});

/** The route; the one that it was made to be, when it is gone under its old network. */
function foundFor(config: ConfigTree, network: string, fields: Fields): FoundRoute {
  const moved = findRoute(config, network) ? undefined : findRoute(config, String(fields['network'] ?? ''));
  return moved !== undefined && withFields(moved.route, fields) === moved.route ? moved : needRoute(config, network);
}
