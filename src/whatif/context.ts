import type { ConfigTree } from '../config/model.ts';
import type { AddressMatch } from './addresses.ts';
import { type Aliases, readAliases } from './aliases.ts';
import type { Facts } from './facts.ts';
import { type Gateways, readGateways } from './gateways.ts';
import { type Interfaces, readInterfaces } from './network.ts';
import { type OwnAddresses, readOwn } from './own.ts';
import { type Release, releaseOfConfig } from './release.ts';
import { vpnNetworks } from './vpn-networks.ts';

/** Everything that rules are built from. */
export interface Context {
  readonly config: ConfigTree;
  readonly facts: Facts;
  readonly release: Release;
  readonly interfaces: Interfaces;
  readonly aliases: Aliases;
  readonly gateways: Gateways;
  /** Addresses of the firewall itself. */
  readonly own: OwnAddresses;
  /** Networks behind VPNs, which rules with a gateway leave alone; null: there are none. */
  readonly vpn: AddressMatch | null;
}

export function contextOf(config: ConfigTree, facts: Facts): Context {
  const interfaces = readInterfaces(config, facts);
  return {
    config,
    facts,
    release: releaseOfConfig(config),
    interfaces,
    aliases: readAliases(config, releaseOfConfig(config)),
    gateways: readGateways(config, facts, interfaces),
    own: readOwn(config, facts, interfaces),
    vpn: vpnNetworks(config),
  };
}
