import { type AddressMatch, addressesIn } from '../addresses.ts';
import { type PfRule, pfRule } from '../pf-rule.ts';
import type { PortMatch } from '../ports.ts';

/** A rule that pfSense makes by itself, under the name that pf's label gives it or that people know it by. */
export function hidden(name: string, given: Partial<PfRule>): PfRule {
  return pfRule({ ...given, origin: { kind: 'hidden', name } });
}

/** Either outcome is possible for what matches: rules that only the firewall has. */
export function undecided(name: string, given: Partial<PfRule>): PfRule[] {
  const unless = [...(given.unless ?? []), name];
  return [
    hidden(name, { quick: true, ...given, unless, action: 'pass' }),
    hidden(name, { quick: true, ...given, unless, action: 'block' }),
  ];
}

export function port(...ports: readonly number[]): PortMatch {
  return { ranges: ports.map((one) => [one, one]), unknown: [] };
}

export const LINK_LOCAL: AddressMatch = addressesIn('fe80::/10');
export const ALL_NODES: AddressMatch = addressesIn('ff02::/16');
