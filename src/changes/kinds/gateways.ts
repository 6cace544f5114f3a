import { type ConfigTree, entriesAt, listAt, textAt } from '../../config/model.ts';
import { type Family, familyOf } from './endpoint.ts';

/** Gateways that pfSense makes by itself are named by their interface and how it gets its address. */
const IPV4_WAYS = 'DHCP|PPPOE|L2TP|PPTP|PPP|VPNV4|TUNNELV4|VTIV4';
const IPV6_WAYS = 'DHCP6|SLAAC|6RD|6TO4|TRACK6|VPNV6|TUNNELV6|VTIV6';

/** The family of a gateway or gateway group; undefined when there is none of this name. */
export function gatewayFamily(config: ConfigTree, name: string): Family | undefined {
  const group = listAt(config, 'gateways/gateway_group').find((one) => textAt(one, 'name') === name);
  const [first] = group === undefined ? [] : listAt(group, 'item');
  if (typeof first === 'string') return singleFamily(config, first.split('|')[0] ?? '');
  return singleFamily(config, name);
}

function singleFamily(config: ConfigTree, name: string): Family | undefined {
  const item = listAt(config, 'gateways/gateway_item').find((one) => textAt(one, 'name') === name);
  return item === undefined ? automaticGateway(config, name)?.family : familyOfItem(item);
}

/** The family of a gateway in the list; its address decides where it does not say. */
export function familyOfItem(item: ConfigTree): Family {
  return textAt(item, 'ipprotocol') === 'inet6' ? 'inet6' : (familyOf(textAt(item, 'gateway') ?? '') ?? 'inet');
}

export interface AutomaticGateway {
  readonly family: Family;
  /** Key of its interface. */
  readonly interface: string;
}

/** The gateway that pfSense makes by itself under this name, as `WAN_DHCP`; undefined when its name says nothing. */
export function automaticGateway(config: ConfigTree, name: string): AutomaticGateway | undefined {
  const [, start = '', way = ''] = /^(.+)_([A-Z0-9]+)$/.exec(name) ?? [];
  const found = entriesAt(config, 'interfaces').find(([key, entry]) =>
    [key, textAt(entry, 'descr') ?? ''].some((word) => word !== '' && word.toUpperCase() === start),
  );
  if (found === undefined) return undefined;
  const [key] = found;
  if (new RegExp(`^(?:${IPV4_WAYS})$`).test(way)) return { family: 'inet', interface: key };
  return new RegExp(`^(?:${IPV6_WAYS})$`).test(way) ? { family: 'inet6', interface: key } : undefined;
}
