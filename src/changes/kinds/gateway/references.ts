import { type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../../config/model.ts';

/**
 * Who needs a gateway. pfSense's own pages know groups, static routes and DNS servers. Beyond these: the default route,
 * which would go with it, and rules that would send their packets elsewhere.
 */
export function referencesToGateway(config: ConfigTree, name: string, what: 'disabled' | 'deleted'): string[] {
  const isIn = (group: ConfigTree): boolean =>
    listAt(group, 'item').some((item) => typeof item === 'string' && item.split('|')[0] === name);
  const groups = listAt(config, 'gateways/gateway_group')
    .filter(isIn)
    .map((group) => `gateway group ${textAt(group, 'name')}`);
  const routes = listAt(config, 'staticroutes/route')
    .filter((route) => textAt(route, 'gateway') === name)
    .filter((route) => what === 'deleted' || treeAt(route, 'disabled') === undefined)
    .map((route) => `static route ${textAt(route, 'network')}`);
  const servers = entriesAt(config, 'system')
    .filter(([key, value]) => /^dns\d+gw$/.test(key) && value === name)
    .map(([key]) => `DNS server ${key.replace(/\D/g, '')}`);
  const defaults = ['defaultgw4', 'defaultgw6']
    .filter((key) => textAt(config, `gateways/${key}`) === name)
    .map((key) => `the default route of IPv${key.slice(-1)}`);
  return [...groups, ...routes, ...servers, ...defaults, ...(what === 'deleted' ? rulesWith(config, name) : [])];
}

/** Enabled filter rules that name a gateway or group. */
export function rulesWith(config: ConfigTree, name: string): string[] {
  return listAt(config, 'filter/rule')
    .filter((rule) => textAt(rule, 'gateway') === name && treeAt(rule, 'disabled') === undefined)
    .map((rule) => `filter rule ${textAt(rule, 'tracker')}`);
}
