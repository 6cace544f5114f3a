/** A packet that pf logged, as filterlog wrote it down. */
export interface LoggedPacket {
  readonly tracker: string;
  readonly device: string;
  /** `match` as a rule; otherwise why pf dropped it without one, such as `fragment` or `bad-offset`. */
  readonly reason: string;
  readonly action: string;
  readonly direction: string;
  readonly family: 'IPv4' | 'IPv6';
  readonly protocol: string;
  /** Bytes of the packet; undefined where the line does not say. */
  readonly length: number | undefined;
  readonly source: string;
  readonly destination: string;
  /** `S`, `SA`, … of TCP; type of ICMP; role of CARP. */
  readonly about: string | undefined;
}

const WITH_PORTS = new Set(['6', '17', '132']);
const ICMP = new Set(['1', '58']);
const CARP = '112';
/** Number of fields before those of the address family. */
const COMMON = 9;

/** Reads the comma-separated message of filterlog; undefined when it is not one. */
export function readFilterlog(message: string): LoggedPacket | undefined {
  const fields = message.trim().split(',');
  const [, , , tracker = '', device = '', reason = '', action = '', direction = '', version] = fields;
  if (version !== '4' && version !== '6') return undefined;
  const rest = fields.slice(COMMON);
  // Newer versions say here that a packet was cut short.
  if (rest[0]?.startsWith('error=')) rest.shift();
  const network = version === '4' ? readIpv4(rest) : readIpv6(rest);
  if (network.from === '' || network.to === '') return undefined;
  const { ports, about } = readTransport(network.number, network.rest);
  return {
    tracker: tracker.replace(/^0+(?=\d)/, ''),
    device,
    reason,
    action,
    direction,
    family: version === '4' ? 'IPv4' : 'IPv6',
    protocol: network.protocol.toLowerCase(),
    length: /^\d+$/.test(network.length) ? Number(network.length) : undefined,
    source: withPort(network.from, ports[0]),
    destination: withPort(network.to, ports[1]),
    about,
  };
}

function readIpv4(fields: readonly string[]) {
  const [, , , , , , number = '', protocol = '', length = '', from = '', to = '', ...rest] = fields;
  return { number, protocol, length, from, to, rest };
}

/** In IPv6 the name of the protocol stands before its number. */
function readIpv6(fields: readonly string[]) {
  const [, , , protocol = '', number = '', length = '', from = '', to = '', ...rest] = fields;
  return { number, protocol, length, from, to, rest };
}

function readTransport(
  number: string,
  rest: readonly string[],
): { ports: readonly string[]; about: string | undefined } {
  if (WITH_PORTS.has(number))
    return { ports: rest.slice(0, 2), about: number === '6' ? rest[3] || undefined : undefined };
  if (ICMP.has(number)) return { ports: [], about: rest[0] || undefined };
  if (number === CARP) return { ports: [], about: `${rest[0] ?? ''} vhid ${rest[2] ?? ''}`.trim() };
  return { ports: [], about: undefined };
}

function withPort(address: string, port: string | undefined): string {
  if (!port) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
