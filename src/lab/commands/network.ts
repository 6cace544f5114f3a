import type { CommandResult } from '../php/backend.ts';
import { ok } from './program.ts';

const NEIGHBOURS = [
  ['192.168.1.1', '02:00:00:00:01:01', 'igb1', 'permanent'],
  ['192.168.1.10', '02:00:00:aa:00:10', 'igb1', 'expires in 1180 seconds'],
  ['192.168.1.102', '02:00:00:aa:00:66', 'igb1', 'expires in 311 seconds'],
  ['192.168.20.55', '02:00:00:bb:00:37', 'igb1.20', 'expires in 902 seconds'],
  ['198.51.100.1', '02:00:00:ff:00:01', 'igb0', 'expires in 1094 seconds'],
] as const;

export function arp(args: readonly string[]): CommandResult {
  if (args.join(' ') !== '-an') return { stdout: '', stderr: 'arp: not simulated\n', code: 1 };
  const lines = NEIGHBOURS.map(
    ([address, mac, device, life]) => `? (${address}) at ${mac} on ${device} ${life} [ethernet]\n`,
  );
  return ok([...lines, '? (192.168.1.77) at (incomplete) on igb1 expired [ethernet]\n'].join(''));
}

export function ndp(args: readonly string[]): CommandResult {
  if (args.join(' ') !== '-an') return { stdout: '', stderr: 'ndp: not simulated\n', code: 1 };
  return ok(
    [
      'Neighbor                             Linklayer Address  Netif Expire    1s 5s',
      'fe80::1:1%igb1                       02:00:00:00:01:01   igb1 permanent R  ',
      '2001:db8:1::10                       02:00:00:aa:00:10   igb1 23h58m9s  S  ',
      '',
    ].join('\n'),
  );
}
