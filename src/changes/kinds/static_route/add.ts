import { z } from 'zod';
import { defineKind, refused } from '../../kind.ts';
import { flag, isAlike, sectionIn } from '../fields.ts';
import { RouteNetwork, routeFields } from './arguments.ts';
import { readDestination } from './network.ts';
import { checkRoute, findRoute, routesOf, withRoutes } from './store.ts';

const ORDER = ['network', 'gateway', 'descr', 'disabled'];

export default defineKind({
  id: 'static_route.add',
  summary: 'Send what goes to a network to a gateway.',
  tier: 'durable',
  input: z.strictObject({
    network: RouteNetwork,
    gateway: routeFields.gateway,
    description: routeFields.description.default(''),
    disabled: routeFields.disabled.default(false),
  }),
  example: { network: '10.20.0.0/16', gateway: 'WAN2GW', description: 'Branch office' },
  apply(config, { network: text, gateway, description, disabled }) {
    const network = readDestination(config, text, 'network');
    const route = sectionIn(ORDER, { network, gateway, descr: description, ...flag('disabled', disabled) });
    const found = findRoute(config, network);
    if (found !== undefined && isAlike(found.route, route)) return config;
    if (found !== undefined)
      throw refused(
        `network: there is another static route to ${network} already.`,
        'Change it with static_route.update.',
      );
    checkRoute(config, route, routesOf(config));
    return withRoutes(config, [...routesOf(config), route]);
  },
});
