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

/** Link and addresses, with the CARP address of LAN and pfsync. */
export function ifconfig(args: readonly string[]): CommandResult {
  if (args.length > 0) return { stdout: '', stderr: 'ifconfig: not simulated\n', code: 1 };
  const up = 'flags=1008843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST,LOWER_UP> metric 0 mtu 1500';
  return ok(
    [
      `igb0: ${up}`,
      '\tinet 198.51.100.23 netmask 0xffffff00 broadcast 198.51.100.255',
      `igb1: ${up}`,
      '\tinet 192.168.1.1 netmask 0xffffff00 broadcast 192.168.1.255',
      '\tinet 192.168.1.254 netmask 0xffffff00 broadcast 192.168.1.255 vhid 10',
      '\tcarp: MASTER vhid 10 advbase 1 advskew 0',
      '\t      peer 224.0.0.18 peer6 ff02::12',
      'pfsync0: flags=1000041<UP,RUNNING,LOWER_UP> metric 0 mtu 1500',
      '\tsyncdev: igb1 syncpeer: 192.168.1.3 maxupd: 128 defer: off version: 1400',
      '',
    ].join('\n'),
  );
}
