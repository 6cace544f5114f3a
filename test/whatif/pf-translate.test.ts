import { describe, expect, it } from 'vitest';
import { judgementOf } from './golden.ts';
import { printPfAddress } from './pf-address.ts';
import type { PlainPacket } from './plain-packet.ts';

const OUT: Partial<PlainPacket> = { direction: 'out', device: 'em0' };
const IN: Partial<PlainPacket> = { device: 'em0', source: '203.0.113.5', destination: '192.0.2.1' };

/** `source -> destination port` behind translation. */
function translated(rules: string, difference: Partial<PlainPacket>): string {
  const { packet } = judgementOf(rules, difference).translation;
  return `${printPfAddress(packet.source)} -> ${printPfAddress(packet.destination)} ${packet.destinationPort}`;
}

describe('translation', () => {
  it.each([
    ['rdr on em0 proto tcp to 192.0.2.1 port 443 -> 10.0.0.9 port 8443', IN, '203.0.113.5 -> 10.0.0.9 8443'],
    ['rdr on em0 proto tcp to 192.0.2.1 port 440:450 -> 10.0.0.9 port 8000:8010', IN, '203.0.113.5 -> 10.0.0.9 8003'],
    ['rdr on em0 proto tcp to 192.0.2.1 port 440:450 -> 10.0.0.9 port 8000:*', IN, '203.0.113.5 -> 10.0.0.9 8003'],
    ['rdr on em0 proto tcp to 192.0.2.1 port 443 -> 10.0.0.9', IN, '203.0.113.5 -> 10.0.0.9 443'],
    ['rdr on em1 to any -> 10.0.0.9', IN, '203.0.113.5 -> 192.0.2.1 443'],
    ['no rdr on em0\nrdr on em0 to any -> 10.0.0.9', IN, '203.0.113.5 -> 192.0.2.1 443'],
    ['rdr on em0 to any -> 10.0.0.8\nrdr on em0 to any -> 10.0.0.9', IN, '203.0.113.5 -> 10.0.0.8 443'],
    ['binat on em0 from 10.0.0.9 to any -> 192.0.2.1', IN, '203.0.113.5 -> 10.0.0.9 443'],
    ['binat on em0 from 10.0.0.9 to 8.8.8.8 -> 192.0.2.1', IN, '203.0.113.5 -> 192.0.2.1 443'],
    ['binat on em0 from 10.0.0.0/24 to any -> 192.0.2.0/24', IN, '203.0.113.5 -> 10.0.0.1 443'],
    [
      'binat on em0 from 10.0.0.9 to any -> 192.0.2.1\nrdr on em0 to any -> 10.0.0.8',
      IN,
      '203.0.113.5 -> 10.0.0.8 443',
    ],
    ['no rdr on em0\nbinat on em0 from 10.0.0.9 to any -> 192.0.2.1', IN, '203.0.113.5 -> 192.0.2.1 443'],
    ['nat on em0 inet from 10.0.0.0/24 to any -> (em0) port 1024:65535', OUT, '192.0.2.1 -> 198.51.100.7 443'],
    ['nat on em0 from 10.0.0.0/24 to any port 500 -> 192.0.2.1 static-port', OUT, '10.0.0.5 -> 198.51.100.7 443'],
    ['no nat on em0 from 10.0.0.5\nnat on em0 from any to any -> 192.0.2.1', OUT, '10.0.0.5 -> 198.51.100.7 443'],
    [
      'binat on em0 from 10.0.0.5 to any -> 192.0.2.7\nnat on em0 from any to any -> (em0)',
      OUT,
      '192.0.2.7 -> 198.51.100.7 443',
    ],
  ] as const)('%s', (rules, packet, expected) => {
    expect(translated(rules, packet)).toBe(expected);
  });

  it('comes before filtering', () => {
    const rdr = 'rdr on em0 to 192.0.2.1 -> 10.0.0.9\nblock\npass to 10.0.0.9';
    expect(judgementOf(rdr, IN).verdict).toBe('pass');
    const nat = 'nat on em0 from any to any -> 192.0.2.1\npass\nblock from 10.0.0.0/24';
    expect(judgementOf(nat, OUT).verdict).toBe('pass');
  });

  it.each([
    ['port 1024:65535', {}, 'block'],
    ['port 1024:65535', { sourcePort: 0 }, 'block'],
    ['port 2000:3000', {}, 'pass'],
    ['', { sourcePort: 0 }, 'block'],
    ['static-port', {}, 'block'],
    ['static-port', { sourcePort: 0 }, 'pass'],
    ['port 1024:65535', { protocol: 'icmp', icmpType: 8 }, 'pass'],
  ] as const)('draws a new source port: %s, %o', (ports, difference, expected) => {
    const from = ports.startsWith('port 2000') ? '50001:65535' : '1024:65535';
    const rules = `nat on em0 from any to any -> 192.0.2.1 ${ports}\npass\nblock proto tcp from any port ${from}`;
    expect(judgementOf(rules, { ...OUT, ...difference }).verdict).toBe(expected);
  });

  it('is unknown where filtering depends on the port that it draws', () => {
    const rules = 'nat on em0 from any to any -> 192.0.2.1 port 1024:65535\nblock\npass proto tcp from any port 40000';
    expect(judgementOf(rules, OUT)).toMatchObject({ verdict: 'unknown', unknowns: ['port chosen by translation'] });
    expect(judgementOf(rules.replace('1024:65535', '50000:65535'), OUT).verdict).toBe('block');
  });

  it('spares filtering where it passes', () => {
    expect(judgementOf('rdr pass on em0 to 192.0.2.1 -> 10.0.0.9\nblock quick', IN).verdict).toBe('pass');
    expect(judgementOf('no rdr on em0\nrdr pass on em0 to any -> 10.0.0.9\nblock quick', IN).verdict).toBe('block');
  });

  it('is unknown where pf chooses an address and filtering depends on it', () => {
    const choice = 'rdr on em0 to any -> { 10.0.0.8 10.0.0.9 } round-robin\n';
    expect(judgementOf(`${choice}block\npass to 10.0.0.9`, IN).verdict).toBe('unknown');
    expect(judgementOf(`${choice}block\npass to 10.0.0.0/24`, IN).verdict).toBe('pass');
  });
});
