import { z } from 'zod';
import { isAddress } from '../../../config/address.ts';
import { type ConfigSection, type ConfigTree, listAt } from '../../../config/model.ts';
import { sectionOf, withTree } from '../../../config/update.ts';

export const Service = z
  .enum(['resolver', 'forwarder'])
  .default('resolver')
  .describe('resolver: Unbound, as on almost every firewall; forwarder: dnsmasq');
export type Service = z.output<typeof Service>;

/** The section of a service, as it is called in the configuration. */
export const SECTIONS = { resolver: 'unbound', forwarder: 'dnsmasq' } as const;

/** The overrides of a service. */
export function overridesOf(config: ConfigTree, service: Service, list: 'hosts' | 'domainoverrides'): ConfigSection[] {
  return listAt(config, `${SECTIONS[service]}/${list}`).map(sectionOf);
}

export function withOverrides(
  config: ConfigTree,
  service: Service,
  list: 'hosts' | 'domainoverrides',
  overrides: readonly ConfigSection[],
): ConfigTree {
  return withTree(config, [SECTIONS[service], list], overrides);
}

/** One address; what stands behind a percent sign names an interface, and nothing else. */
export function isServerAddress(text: string): boolean {
  return isAddress(text) && /^[0-9a-f:.]+(?:%[\w.]+)?$/i.test(text);
}
