import { readBlock } from '../config/address-block.ts';
import { type ConfigTree, listAt, textAt, treeAt } from '../config/model.ts';
import type { Facts } from './facts.ts';
import type { Interfaces } from './network.ts';

export interface Gateway {
  readonly name: string;
  readonly family: 4 | 6;
  /** null: not known. */
  readonly isUp: boolean | null;
  readonly address: string | null;
  readonly device: string | null;
}

export interface Gateways {
  find(name: string): Gateway | undefined;
  /** Members of a gateway group; undefined: there is no such group. */
  group(name: string): readonly string[] | undefined;
  /** Whether every gateway is known that pfSense knows: dynamic ones stand in no configuration. */
  readonly isComplete: boolean;
  /** The gateway of the default route; undefined: not known. */
  fallback(family: 4 | 6): Gateway | undefined;
}

export function readGateways(config: ConfigTree, facts: Facts, interfaces: Interfaces): Gateways {
  const saved = listAt(config, 'gateways/gateway_item')
    .filter((item) => treeAt(item, 'disabled') === undefined)
    .map((item) => savedGateway(item, interfaces));
  const live = Object.entries(facts.gateways ?? {}).map(([name, fact]): Gateway => {
    const family = saved.find((one) => one.name === name)?.family ?? (fact.address?.includes(':') ? 6 : 4);
    return { name, family, ...fact };
  });
  const all = new Map([...saved, ...live].map((gateway) => [gateway.name, gateway]));
  const groups = new Map(
    listAt(config, 'gateways/gateway_group').map((group) => [
      textAt(group, 'name') ?? '',
      listAt(group, 'item').map((item) => String(item).split('|')[0] ?? ''),
    ]),
  );
  return {
    find: (name) => all.get(name),
    group: (name) => groups.get(name),
    isComplete: facts.gateways !== undefined,
    fallback: (family) => {
      const chosen = textAt(config, family === 4 ? 'gateways/defaultgw4' : 'gateways/defaultgw6') ?? '';
      if (chosen !== '') return all.get(chosen);
      const candidates = [...all.values()].filter((one) => one.family === family);
      return candidates.length === 1 && facts.gateways !== undefined ? candidates[0] : undefined;
    },
  };
}

function savedGateway(item: ConfigTree, interfaces: Interfaces): Gateway {
  const address = textAt(item, 'gateway') ?? '';
  return {
    name: textAt(item, 'name') ?? '',
    family: textAt(item, 'ipprotocol') === 'inet6' ? 6 : 4,
    isUp: treeAt(item, 'force_down') === undefined ? null : false,
    address: readBlock(address) === undefined ? null : address,
    device: interfaces.get(textAt(item, 'interface') ?? '')?.device ?? null,
  };
}
