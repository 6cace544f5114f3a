import fc from 'fast-check';
import type { ConfigSection, ConfigTree } from '../../src/config/model.ts';

/** An interface of the generated firewalls, with both families. */
interface Port {
  readonly device: string;
  readonly description: string;
  readonly address: string;
  readonly bits: number;
  readonly address6: string;
}

/** The stage on which generated configurations play; addresses are those of documentation and of private networks. */
export const PORTS: Readonly<Record<string, Port>> = {
  wan: { device: 'vtnet0', description: 'WAN', address: '198.51.100.2', bits: 24, address6: '2001:db8:a::2' },
  lan: { device: 'vtnet1', description: 'LAN', address: '192.168.1.1', bits: 24, address6: '2001:db8:1::1' },
  opt1: { device: 'vtnet2', description: 'DMZ', address: '10.10.0.1', bits: 23, address6: '2001:db8:2::1' },
  opt2: { device: 'vtnet3', description: 'GUEST', address: '172.20.0.1', bits: 28, address6: '2001:db8:3::1' },
};

export const NETWORKS = [
  '192.168.1.0/24',
  '192.168.1.64/26',
  '192.168.2.0/24',
  '10.10.0.0/23',
  '10.10.1.0/24',
  '172.20.0.0/28',
  '203.0.113.0/24',
  '198.51.100.0/24',
  '10.0.0.0/8',
  '8.8.8.0/29',
];
export const HOSTS = [
  '192.168.1.10',
  '192.168.1.63',
  '10.10.0.5',
  '10.10.1.255',
  '172.20.0.14',
  '203.0.113.10',
  '198.51.100.10',
  '8.8.8.8',
];
export const NETWORKS6 = ['2001:db8:1::/64', '2001:db8:2::/48', '2001:db8:ffff::/48', 'fd00:1::/32'];
export const HOSTS6 = ['2001:db8:1::10', '2001:db8:2::5', '2001:db8:ffff::1', '2001:db8:a::2'];

export type Draft = { readonly [key: string]: ConfigTree | undefined };

/** A section without its undefined members. */
export function section(draft: Draft): ConfigSection {
  return Object.fromEntries(
    Object.entries(draft).filter((entry): entry is [string, ConfigTree] => entry[1] !== undefined),
  );
}

/** A flag that is there or not; `percent` of the time it is. */
export function flag(percent: number): fc.Arbitrary<'' | undefined> {
  return sometimes(percent, fc.constant<''>(''));
}

export function sometimes<T>(percent: number, value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: percent, arbitrary: value }, { weight: 100 - percent, arbitrary: fc.constant(undefined) });
}

/** What several generators have to agree on. */
export interface Stage {
  readonly interfaces: readonly string[];
  readonly has6: boolean;
  readonly groups: readonly string[];
}

export const stage: fc.Arbitrary<Stage> = fc.record({
  interfaces: fc.constantFrom(
    ['wan', 'lan'],
    ['wan', 'lan', 'opt1'],
    ['wan', 'lan', 'opt1', 'opt2'],
    ['wan', 'lan', 'opt1', 'opt2'],
  ),
  has6: fc.boolean(),
  groups: fc.constantFrom([], ['TRUSTED']),
});
