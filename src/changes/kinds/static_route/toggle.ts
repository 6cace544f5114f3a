import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { flag, withFields } from '../fields.ts';
import { RouteNetwork } from './arguments.ts';
import { readDestination } from './network.ts';
import { checkRoute, needRoute, routesOf, withRoutes } from './store.ts';

export default defineKind({
  id: 'static_route.toggle',
  summary: 'Enable or disable a static route.',
  tier: 'durable',
  input: z.strictObject({ network: RouteNetwork, enabled: z.boolean() }),
  example: { network: '10.20.0.0/16', enabled: false },
  apply(config, { network, enabled }) {
    const { route: old, index } = needRoute(config, readDestination(config, network, 'network'));
    const route = withFields(old, flag('disabled', !enabled));
    if (route === old) return config;
    if (enabled) checkRoute(config, route, routesOf(config).toSpliced(index, 1));
    return withRoutes(config, routesOf(config).with(index, route));
  },
});
