import type { Facts } from './pf-facts.ts';
import { judge, loadRules } from './pf-rules.ts';
import { type PlainPacket, toPfPacket } from './plain-packet.ts';

/** A small firewall of our own: two devices, one group, one file. */
export const FACTS: Facts = {
  devices: {
    em0: { addresses: ['192.0.2.1/24', '2001:db8::1/64', 'fe80::1%em0/64'], groups: [] },
    em1: { addresses: ['10.0.0.1/24', '10.0.9.1/32'], groups: ['inside'] },
    em2: { addresses: ['10.1.0.1/24'], groups: ['inside'] },
    lo0: { addresses: ['127.0.0.1/8', '::1/128'], groups: [], loopback: true },
  },
  files: { '/etc/list': '# list\n203.0.113.0/24\n!203.0.113.9\n' },
};

export const SYN: PlainPacket = {
  direction: 'in',
  device: 'em1',
  protocol: 'tcp',
  source: '10.0.0.5',
  destination: '198.51.100.7',
  sourcePort: 40_000,
  destinationPort: 443,
};

/** The verdict of some rules on a packet that differs from {@link SYN} as told. */
export function verdictOf(rules: string, difference: Partial<PlainPacket> = {}): string {
  return judgementOf(rules, difference).verdict;
}

export function judgementOf(rules: string, difference: Partial<PlainPacket> = {}, facts: Facts = FACTS) {
  return judge(loadRules(rules, facts), toPfPacket({ ...SYN, ...difference }));
}
