import { identified } from '../../../config/identity.ts';
import { type ConfigTree, listAt } from '../../../config/model.ts';
import { NAT_KINDS, type NatKind, natPath, natPrints } from '../../../config/nat-identity.ts';
import { notThere, refused } from '../../kind.ts';
import { ownersOf } from '../owners.ts';

/** Lists whose objects can be brought back one by one, with fields that no two of them may share; a star is any name. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  'filter/rule': [],
  'nat/rule': [],
  'nat/outbound/rule': [],
  'nat/onetoone': [],
  'nat/npt': [],
  'aliases/alias': ['name'],
  'schedules/schedule': ['name'],
  'gateways/gateway_item': ['name'],
  'gateways/gateway_group': ['name'],
  'staticroutes/route': ['network'],
  'virtualip/vip': ['subnet'],
  'vlans/vlan': ['vlanif'],
  'dhcpd/*/staticmap': ['mac', 'cid', 'ipaddr'],
  'unbound/hosts': [],
  'dnsmasq/hosts': [],
  'unbound/domainoverrides': [],
  'dnsmasq/domainoverrides': [],
};

/** One object by its list and what it is known by there. */
export interface ObjectPlace {
  /** As in `dhcpd/lan/staticmap`. */
  readonly list: string;
  readonly identity: string;
  readonly unique: readonly string[];
  /** Of NAT rules, which have ids of their own. */
  readonly nat: NatKind | undefined;
}

/** An object in its list. */
export interface FoundObject {
  readonly item: ConfigTree;
  readonly index: number;
}

/** @throws PfsenseError `bad_input` for what is no such object */
export function objectPlace(text: string): ObjectPlace {
  for (const [pattern, unique] of Object.entries(LISTS)) {
    const steps = pattern.split('/').length;
    const parts = text.split('/');
    const list = parts.slice(0, steps).join('/');
    const expression = new RegExp(`^${pattern.replaceAll('*', '[a-z0-9_]+')}$`);
    const identity = parts.slice(steps).join('/');
    if (!expression.test(list) || identity === '') continue;
    return { list, identity, unique, nat: NAT_KINDS.find((kind) => natPath(kind) === list) };
  }
  throw refused('object: not an object that is brought back alone.', hintFor(text));
}

function hintFor(text: string): string {
  const owners = ownersOf(text.split('/'));
  const others = `Lists: ${Object.keys(LISTS).join(', ')}.`;
  return owners === undefined
    ? `${others} revision.restore brings everything back.`
    : `${others} For this one there are ${owners}.`;
}

/**
 * The object, if the configuration has it. A NAT rule goes by the id of pf_nat_list as well.
 * @throws PfsenseError `bad_input` when several are called so
 */
export function findObject(config: ConfigTree, { list, identity, nat }: ObjectPlace): FoundObject | undefined {
  const items = identified(listAt(config, list), list);
  const prints = nat === undefined ? [] : natPrints(config, nat);
  const [found, other] = items.filter(({ index, ...item }) => {
    const { match, whole } = prints[index] ?? {};
    return item.identity === identity || match === identity || whole === identity;
  });
  const isNumbered = items.some((item) => item.identity === `${identity}#2`);
  if (other !== undefined || isNumbered)
    throw refused('object: several objects are called so, and it cannot be told which one is meant.');
  return found;
}

/** @throws PfsenseError `not_found` */
export function needPastObject(past: ConfigTree, place: ObjectPlace, revision: string): FoundObject {
  const found = findObject(past, place);
  if (found) return found;
  throw notThere(
    `object: the revision ${revision} does not have it.`,
    `pf_config_history {"object":"${place.list}"} says which revisions changed it.`,
  );
}

/**
 * Where the object is now: under its name, and a NAT rule also where one is for the very same packets.
 * @throws PfsenseError `bad_input` when several could be meant
 */
export function findPresent(
  config: ConfigTree,
  past: ConfigTree,
  place: ObjectPlace,
  wanted: FoundObject,
): FoundObject | undefined {
  if (place.nat === undefined) return findObject(config, place);
  const print = natPrints(past, place.nat)[wanted.index];
  const own = identified(listAt(past, place.list), place.list)[wanted.index]?.identity ?? place.identity;
  return (
    findObject(config, { ...place, identity: own }) ??
    findObject(config, { ...place, identity: print?.match ?? place.identity })
  );
}
