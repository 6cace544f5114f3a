import type { z } from 'zod';
import { type ConfigTree, listAt, textAt, treeAt } from '../../config/model.ts';
import type { Group, Raw } from './model.ts';

/** The gateways that stand in a saved configuration, their state unknown; dynamic ones may not stand there at all. */
export function savedGateways(config: ConfigTree) {
  return {
    gateways: listAt(config, 'gateways/gateway_item').map((item) => savedGateway(item, config)),
    groups: listAt(config, 'gateways/gateway_group').map(savedGroup),
    default4: textAt(config, 'gateways/defaultgw4') ?? '',
    default6: textAt(config, 'gateways/defaultgw6') ?? '',
    isSaved: true,
  };
}

function savedGateway(item: ConfigTree, config: ConfigTree): z.output<typeof Raw> {
  const text = (path: string): string => textAt(item, path) ?? '';
  const name = text('name');
  const isIpv6 = text('ipprotocol') === 'inet6';
  return {
    name,
    description: text('descr'),
    interface: textAt(config, `interfaces/${text('interface')}/descr`) || text('interface').toUpperCase(),
    family: isIpv6 ? 'ipv6' : 'ipv4',
    address: text('gateway') === 'dynamic' ? null : text('gateway') || null,
    isDynamic: text('gateway') === 'dynamic',
    isDisabled: treeAt(item, 'disabled') !== undefined,
    isDefault: textAt(config, isIpv6 ? 'gateways/defaultgw6' : 'gateways/defaultgw4') === name,
    isForcedDown: treeAt(item, 'force_down') !== undefined,
    isMonitored: treeAt(item, 'monitor_disable') === undefined,
    monitor: text('monitor') || null,
    status: null,
    substatus: null,
    delayMs: null,
    deviationMs: null,
    lossPercent: null,
  };
}

function savedGroup(group: ConfigTree): z.output<typeof Group> {
  return {
    name: textAt(group, 'name') ?? '',
    description: textAt(group, 'descr') ?? '',
    trigger: textAt(group, 'trigger') ?? '',
    members: listAt(group, 'item').map((item) => {
      const [gateway = '', tier = ''] = String(item).split('|');
      return { gateway, tier: Number.parseInt(tier, 10) || 0 };
    }),
  };
}
