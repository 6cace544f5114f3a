import fc from 'fast-check';
import type { ConfigSection } from '../../src/config/model.ts';
import { HOSTS, HOSTS6, NETWORKS, NETWORKS6, section } from './gen-network.ts';

/** Aliases that rules may name; some hold others, one holds itself through another, one is empty. */
export const HOST_ALIASES = ['hosts4', 'nets4', 'nested4', 'circle_a', 'mixed46'] as const;
export const HOST_ALIASES6 = ['hosts6', 'nets6', 'mixed46'] as const;
export const RARE_ALIASES = ['empty', 'named', 'missing'] as const;
export const PORT_ALIASES = ['web', 'many_ports', 'nested_ports'] as const;

const words = (list: readonly string[], max: number) =>
  fc.uniqueArray(fc.constantFrom(...list), { minLength: 1, maxLength: max }).map((found) => found.join(' '));

export const aliases: fc.Arbitrary<ConfigSection> = fc
  .record({
    hosts4: words(HOSTS, 4),
    nets4: words(NETWORKS, 3),
    hosts6: words(HOSTS6, 3),
    nets6: words(NETWORKS6, 2),
    web: words(['80', '443', '8000:8010', '8443'], 3),
    extra: words(['22', '53', '1024:2048', '65535', '1'], 3),
  })
  .map(({ hosts4, nets4, hosts6, nets6, web, extra }) => ({
    alias: [
      alias('hosts4', 'host', hosts4),
      alias('nets4', 'network', nets4),
      alias('nested4', 'network', `hosts4 nets4 203.0.113.128/25`),
      alias('circle_a', 'host', `circle_b 192.168.1.20`),
      alias('circle_b', 'host', `circle_a 192.168.1.21`),
      alias('hosts6', 'host', hosts6),
      alias('nets6', 'network', nets6),
      alias('mixed46', 'network', `${nets4} ${nets6}`),
      alias('empty', 'host', ''),
      alias('named', 'host', 'host.example.org'),
      alias('web', 'port', web),
      alias('many_ports', 'port', extra),
      alias('nested_ports', 'port', 'web 9000'),
    ],
  }));

function alias(name: string, type: string, address: string): ConfigSection {
  return section({ name, type, address, descr: '', detail: '' });
}
