import { AddressSet } from '../config/address-set.ts';
import { type ConfigTree, listAt, textAt } from '../config/model.ts';
import { own } from '../core/own.ts';
import { type AddressMatch, part } from './addresses.ts';
import type { Facts } from './facts.ts';
import type { Interface, Interfaces } from './network.ts';

/** Addresses the firewall answers to: of all interfaces, and of each. */
export interface OwnAddresses {
  readonly all: AddressMatch;
  of(one: Interface): AddressMatch;
}

/** From the facts where there are some; else from the configuration, dynamic ones being unknown. */
export function readOwn(config: ConfigTree, facts: Facts, interfaces: Interfaces): OwnAddresses {
  const assigned = [...interfaces.values()].filter(({ kind }) => kind === 'interface');
  const of = (one: Interface): AddressMatch =>
    facts.addresses === undefined ? saved(config, [one]) : live(own(facts.addresses, one.device) ?? []);
  const all =
    facts.addresses === undefined
      ? saved(config, assigned, ['127.0.0.0/8', '::1'])
      : live([...Object.values(facts.addresses).flat(), '127.0.0.1', '::1']);
  return { all, of };
}

function live(addresses: readonly string[]): AddressMatch {
  return [part({ set: AddressSet.of(addresses.map((address) => address.replace(/[/%].*$/, ''))) })];
}

function saved(config: ConfigTree, interfaces: readonly Interface[], more: readonly string[] = []): AddressMatch {
  const known = interfaces.flatMap(({ four, six }) =>
    [four, six].flatMap((primary) => (typeof primary === 'object' ? [primary.address] : [])),
  );
  const virtual = interfaces.flatMap((one) => one.virtual.map(({ address }) => address)).filter(isAnswered(config));
  const dynamic = interfaces
    .filter(({ four, six }) => four === 'unknown' || six === 'unknown')
    .map(({ name }) => `address of ${name}`);
  return [
    part({ set: AddressSet.of([...known, ...virtual, ...more]), unknown: dynamic }),
    // Every interface with IPv6 has a link-local address as well, which no configuration tells.
    part({ doubt: { set: AddressSet.of(['fe80::/10']), name: 'link-local addresses' } }),
  ];
}

/** Proxy ARP and "other" are answered by nobody. */
function isAnswered(config: ConfigTree) {
  const silent = new Set(
    listAt(config, 'virtualip/vip').flatMap((vip) =>
      ['proxyarp', 'other'].includes(textAt(vip, 'mode') ?? '') ? [textAt(vip, 'subnet') ?? ''] : [],
    ),
  );
  return (address: string): boolean => !silent.has(address);
}
