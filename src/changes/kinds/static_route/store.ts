import { type ConfigSection, type ConfigTree, listAt, textAt } from '../../../config/model.ts';
import { sectionOf, withTree } from '../../../config/update.ts';
import { notThere, refused } from '../../kind.ts';
import { familyOf } from '../endpoint.ts';
import { isInUse, needGateway } from '../gateway/known.ts';
import { checkInterfaces, networksOf } from './network.ts';

export interface FoundRoute {
  readonly route: ConfigSection;
  readonly index: number;
}

export function routesOf(config: ConfigTree): ConfigSection[] {
  return listAt(config, 'staticroutes/route').map(sectionOf);
}

export function findRoute(config: ConfigTree, network: string): FoundRoute | undefined {
  const routes = routesOf(config);
  const index = routes.findIndex((route) => textAt(route, 'network') === network);
  const route = routes[index];
  return route && { route, index };
}

/** @throws PfsenseError `not_found` */
export function needRoute(config: ConfigTree, network: string): FoundRoute {
  const found = findRoute(config, network);
  if (found === undefined)
    throw notThere(`network: there is no static route to ${network}.`, 'pf_route_list lists them.');
  return found;
}

export function withRoutes(config: ConfigTree, routes: readonly ConfigSection[]): ConfigTree {
  return withTree(config, ['staticroutes', 'route'], routes);
}

/**
 * Refuses what pfSense's page would not save.
 * @throws PfsenseError `bad_input`, `not_found`
 */
export function checkRoute(config: ConfigTree, route: ConfigSection, others: readonly ConfigSection[]): void {
  const network = textAt(route, 'network') ?? '';
  checkGateway(config, route);
  const own = networksOf(config, network);
  const taken = new Set(others.flatMap((other) => networksOf(config, textAt(other, 'network') ?? '')));
  const twice = own.filter((one) => taken.has(one));
  if (twice.length > 0) throw refused(`network: there is a static route to ${twice.slice(0, 5).join(', ')} already.`);
  checkInterfaces(config, network);
}

function checkGateway(config: ConfigTree, route: ConfigSection): void {
  const name = textAt(route, 'gateway') ?? '';
  const gateway = needGateway(config, name, 'gateway');
  const isDisabled = 'disabled' in route;
  if (gateway.isDisabled && !isDisabled)
    throw refused(`gateway: ${name} is disabled, so only a disabled route can name it.`);
  if (!isInUse(config, gateway) && !isDisabled)
    throw refused(`gateway: the interface of ${name} is disabled.`, 'interface.toggle enables it.');
  const family = familyOf(textAt(route, 'network') ?? '');
  if (family !== undefined && family !== gateway.family)
    throw refused(`gateway: ${name} is of the other address family than the network.`);
}
