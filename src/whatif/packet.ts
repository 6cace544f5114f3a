import type { AddressValue } from '../config/address-set.ts';
import type { PortRange } from './ports.ts';

/** A packet as it is asked about. */
export interface Packet {
  /** `tcp`, `udp`, `icmp`, `esp` … as pfSense writes them. */
  readonly protocol: string;
  readonly source: string;
  /** Missing: some port that is not known. */
  readonly sourcePort?: number;
  readonly destination: string;
  readonly destinationPort?: number;
  /** Name pf uses (`echoreq`) or number. */
  readonly icmpType?: string | number;
  /** Letters of pf; a connection begins with `S`, which is the default. */
  readonly tcpFlags?: string;
  /** Key of the interface it arrives on (`lan`, `opt3`, `openvpn`, `enc0`), or null: sent by the firewall itself. */
  readonly arrivesOn: string | null;
  /** Way out that the system takes for the destination as written, when it is known. */
  readonly route?: { readonly device: string; readonly gateway: string | null };
}

/** A packet at one passage through pf: in at one interface, or out at another. */
export interface Passage {
  readonly direction: 'in' | 'out';
  /** The device and the groups that it belongs to; null: not known. */
  readonly links: ReadonlySet<string> | null;
  readonly family: 4 | 6;
  readonly protocol: string;
  readonly source: AddressValue | null;
  /** Stretch in which the port lies. */
  readonly sourcePort: PortRange;
  readonly destination: AddressValue | null;
  readonly destinationPort: PortRange;
  readonly icmpType: number | null;
  readonly tcpFlags: string;
  /** Tags that earlier rules have set; null: not known. */
  readonly tag: string | null;
}
