import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { RouteNetwork } from './arguments.ts';
import { readDestination } from './network.ts';
import { findRoute, routesOf, withRoutes } from './store.ts';

export default defineKind({
  id: 'static_route.delete',
  summary: 'Delete a static route.',
  tier: 'durable',
  input: z.strictObject({ network: RouteNetwork }),
  example: { network: '10.20.0.0/16' },
  apply(config, { network }) {
    const found = findRoute(config, readDestination(config, network, 'network'));
    return found === undefined ? config : withRoutes(config, routesOf(config).toSpliced(found.index, 1));
  },
});
