import { type ConfigSection, type ConfigTree, listAt, textAt, treeAt } from '../../../config/model.ts';
import { sectionOf } from '../../../config/update.ts';
import { notThere } from '../../kind.ts';
import type { Family } from '../endpoint.ts';
import { automaticGateway, familyOfItem } from '../gateways.ts';

/** A gateway that routes and groups can name. */
export interface KnownGateway {
  readonly name: string;
  readonly family: Family;
  /** Key of its interface; undefined for those that drop what is sent to them. */
  readonly interface: string | undefined;
  readonly isDisabled: boolean;
  /** Its entry and place in the list; undefined for one that pfSense makes by itself. */
  readonly entry?: { readonly item: ConfigSection; readonly index: number };
}

export function gatewaysOf(config: ConfigTree): ConfigSection[] {
  return listAt(config, 'gateways/gateway_item').map(sectionOf);
}

/** The gateway with this name: of the list, made by pfSense itself, or one of the two that drop everything. */
export function gatewayNamed(config: ConfigTree, name: string): KnownGateway | undefined {
  const index = gatewaysOf(config).findIndex((item) => textAt(item, 'name') === name);
  const item = gatewaysOf(config)[index];
  if (item !== undefined)
    return {
      name,
      family: familyOfItem(item),
      interface: textAt(item, 'interface'),
      isDisabled: treeAt(item, 'disabled') !== undefined,
      entry: { item, index },
    };
  if (name === 'Null4' || name === 'Null6')
    return { name, family: name === 'Null4' ? 'inet' : 'inet6', interface: undefined, isDisabled: false };
  const automatic = automaticGateway(config, name);
  return automatic && { name, ...automatic, isDisabled: false };
}

/** @throws PfsenseError `not_found` */
export function needGateway(config: ConfigTree, name: string, argument = 'name'): KnownGateway {
  const found = gatewayNamed(config, name);
  if (found === undefined)
    throw notThere(`${argument}: there is no gateway ${name}.`, 'pf_gateway_status lists them; gateway.add makes one.');
  return found;
}

/** Whether its interface works, so that packets can leave by it. */
export function isInUse(config: ConfigTree, gateway: KnownGateway): boolean {
  return gateway.interface === undefined || treeAt(config, `interfaces/${gateway.interface}/enable`) !== undefined;
}
