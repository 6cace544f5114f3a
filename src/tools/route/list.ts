import { z } from 'zod';
import { canonicalAddress, isAddress } from '../../config/address.ts';
import { entriesAt, listAt, textAt, treeAt } from '../../config/model.ts';
import { ConfigReply } from '../../pfsense/config-reply.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { fittingPage, pageInput, pageOutput } from '../page.ts';
import { defineTool } from '../tool.ts';
import { familyOf, kindOf, networkOf, type RawRoute, routesTo } from './table.ts';

const RawRow = z.object({
  destination: z.string(),
  gateway: z.string(),
  flags: z.string(),
  mtu: z.int(),
  device: z.string(),
});

const routeList = defineSnippet({
  id: 'route/list',
  effect: 'read',
  complexity: 'interface',
  input: z.strictObject({ family: z.enum(['inet', 'inet6']).optional() }),
  output: z.object({
    routes: z.array(RawRow).nullable(),
    known: z.int(),
    isCut: z.boolean(),
    statics: z.array(ConfigReply),
    gateways: z.array(ConfigReply),
    interfaces: ConfigReply,
  }),
  fromConfig: (config) => ({
    routes: null,
    known: 0,
    isCut: false,
    statics: [...listAt(config, 'staticroutes/route')],
    gateways: [...listAt(config, 'gateways/gateway_item')],
    interfaces: treeAt(config, 'interfaces') ?? {},
  }),
});

const Route = z.object({
  network: z.string(),
  family: z.enum(['ipv4', 'ipv6']),
  gateway: z.string(),
  gatewayName: z.string().optional(),
  interface: z.string(),
  device: z.string(),
  kind: z.string(),
  flags: z.string(),
  mtu: z.int(),
});

const StaticRoute = z.object({
  network: z.string(),
  gateway: z.string().describe('Name of the gateway'),
  description: z.string(),
  enabled: z.boolean(),
  inTable: z.boolean().nullable().describe('null: an alias, or the table was not read'),
});

export default defineTool({
  name: 'pf_route_list',
  title: 'Routes',
  description:
    'The routing table now and the static routes of the configuration. With to: the route that a packet to that address takes (longest prefix); rules with a gateway and IPsec policies override it.',
  toolset: 'network',
  effect: 'read',
  complexity: 'interface',
  isOpenWorld: false,
  input: z.strictObject({
    to: z.string().max(60).refine(isAddress, 'an IPv4 or IPv6 address').optional().describe('Destination address'),
    family: z.enum(['ipv4', 'ipv6']).optional(),
    interface: z.string().max(60).optional(),
    ...pageInput,
  }),
  output: z.object({ routes: z.array(Route).nullable(), staticRoutes: z.array(StaticRoute), ...pageOutput }),
  async run(args, { box, note }) {
    const wanted = args.to === undefined ? args.family : args.to.includes(':') ? 'ipv6' : 'ipv4';
    const facts = await box.call(
      routeList,
      wanted === undefined ? {} : { family: wanted === 'ipv4' ? 'inet' : 'inet6' },
    );
    if (facts.routes === null) note('The routing table could not be read; static routes come from the configuration.');
    if (facts.isCut)
      note(`The table has at least ${facts.known} routes; the first 5000 were looked at, so a better one may exist.`);
    const all = (facts.routes ?? []).filter((route) => wanted === undefined || familyOf(route) === wanted);
    const best = args.to === undefined ? all : routesTo(args.to, all);
    if (facts.routes !== null && args.to !== undefined && best.length === 0) note('No route leads there.');
    const shown = best.map((route) => shownRoute(route, facts)).filter((route) => isOn(route, args.interface));
    const { part, facts: page } = fittingPage(shown, args);
    return { routes: facts.routes === null ? null : part, staticRoutes: staticRoutes(facts), ...page };
  },
});

type Facts = z.output<(typeof routeList)['output']>;

function shownRoute(route: RawRoute, facts: Facts): z.output<typeof Route> {
  const own = entriesAt(facts.interfaces, '').find(([, entry]) => textAt(entry, 'if') === route.device);
  const gateway = facts.gateways.find((entry) => textAt(entry, 'gateway') === route.gateway);
  const gatewayName = gateway && textAt(gateway, 'name');
  return {
    network: networkOf(route),
    family: familyOf(route),
    gateway: route.gateway.startsWith('link#') ? 'directly' : route.gateway,
    ...(gatewayName ? { gatewayName } : {}),
    interface: own ? textAt(own[1], 'descr') || own[0].toUpperCase() : route.device,
    device: route.device,
    kind: kindOf(route),
    flags: route.flags,
    mtu: route.mtu,
  };
}

function isOn(route: z.output<typeof Route>, wanted: string | undefined): boolean {
  return (
    wanted === undefined || [route.interface, route.device].some((name) => name.toLowerCase() === wanted.toLowerCase())
  );
}

function staticRoutes({ statics, routes }: Facts): z.output<typeof StaticRoute>[] {
  const inTable = new Set(routes?.map((route) => canonicalNetwork(networkOf(route))));
  return statics.map((entry) => {
    const network = textAt(entry, 'network') ?? '';
    const isAlias = !isAddress(network.split('/')[0] ?? '');
    return {
      network,
      gateway: textAt(entry, 'gateway') ?? '',
      description: textAt(entry, 'descr') ?? '',
      enabled: treeAt(entry, 'disabled') === undefined,
      inTable: routes === null || isAlias ? null : inTable.has(canonicalNetwork(network)),
    };
  });
}

function canonicalNetwork(network: string): string {
  const [base = '', bits = ''] = network.split('/');
  return `${canonicalAddress(base)}/${bits}`;
}
