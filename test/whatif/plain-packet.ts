import { readPfAddress } from './pf-address.ts';
import type { Packet } from './pf-match.ts';
import { protocolNumber } from './pf-names.ts';
import type { Direction } from './pf-syntax.ts';

/** A first packet of a conversation at one device, in words: what both roads are asked about. */
export interface PlainPacket {
  readonly direction: Direction;
  /** Name of the device as the kernel has it, `vtnet0`. */
  readonly device: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'ipv6-icmp' | 'esp' | 'gre' | 'igmp';
  readonly source: string;
  readonly destination: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly icmpType?: number;
  /** Letters of `FSRPAUEW`. */
  readonly tcpFlags?: string;
}

export function toPfPacket(plain: PlainPacket): Packet {
  const source = readPfAddress(plain.source);
  const destination = readPfAddress(plain.destination);
  const protocol = protocolNumber(plain.protocol);
  if (!source || !destination || protocol === undefined) throw new Error(`no packet: ${JSON.stringify(plain)}`);
  const { direction, device, sourcePort = 0, destinationPort = 0, icmpType = 0, tcpFlags: flags = 'S' } = plain;
  const icmp = { type: icmpType, code: 0 };
  return { direction, device, protocol, source, destination, sourcePort, destinationPort, icmp, flags, tag: undefined };
}

export function printPacket({ direction, device, protocol, source, destination, ...rest }: PlainPacket): string {
  const from = rest.sourcePort === undefined ? source : `${source} port ${rest.sourcePort}`;
  const to = rest.destinationPort === undefined ? destination : `${destination} port ${rest.destinationPort}`;
  const more = rest.tcpFlags ?? (rest.icmpType === undefined ? '' : `type ${rest.icmpType}`);
  return `${direction} on ${device} ${protocol} ${from} -> ${to} ${more}`.trim();
}
