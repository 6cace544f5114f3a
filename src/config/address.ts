import ipaddr from 'ipaddr.js';

/** Is this one IPv4 or IPv6 address, without prefix and without zone? */
export function isAddress(text: string): boolean {
  return parseAddress(text) !== undefined;
}

/** The one spelling of an address, so that `2001:DB8:0::1` and `2001:db8::1` are equal; other text stays as it is. */
export function canonicalAddress(text: string): string {
  return parseAddress(text)?.toString() ?? text.toLowerCase();
}

/** The IPv4 address that programs write as `::ffff:192.0.2.1` when they serve both families; other text as it is. */
export function unmapped(text: string): string {
  const ip = parseAddress(text);
  return ip && 'isIPv4MappedAddress' in ip && ip.isIPv4MappedAddress() ? ip.toIPv4Address().toString() : text;
}

/** Is the address inside `network/prefix`? False when either cannot be read or the families differ. */
export function isInNetwork(address: string, network: string): boolean {
  const [base = '', bits = ''] = network.split('/');
  const [ip, root] = [parseAddress(address), parseAddress(base)];
  const prefix = bits === '' ? undefined : Number(bits);
  if (!ip || !root || ip.kind() !== root.kind() || !isPrefix(prefix, ip)) return false;
  return ip.match(root, prefix ?? (ip.kind() === 'ipv4' ? 32 : 128));
}

/** Is the address between two others of its family, both included? */
export function isInRange(address: string, from: string, to: string): boolean {
  const [ip, low, high] = [parseAddress(address), parseAddress(from), parseAddress(to)].map((value) =>
    value?.toByteArray(),
  );
  if (!ip || !low || !high || ip.length !== low.length || ip.length !== high.length) return false;
  return compare(low, ip) <= 0 && compare(ip, high) <= 0;
}

/** Order of addresses: IPv4 before IPv6, then by value; what is no address comes last. */
export function compareAddresses(left: string, right: string): number {
  const [a, b] = [parseAddress(left)?.toByteArray(), parseAddress(right)?.toByteArray()];
  if (!a || !b) return Number(a === undefined) - Number(b === undefined) || left.localeCompare(right);
  return a.length - b.length || compare(a, b);
}

/** The library's value of an address in the usual spelling, its zone left out; undefined for anything else. */
export function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const [plain = ''] = text.split('%');
  // ipaddr.js also reads `10.1` and `0x7f.1` as the C library does; nobody who writes that means an address here.
  const isPlain = plain.includes(':') ? ipaddr.IPv6.isValid(plain) : ipaddr.IPv4.isValidFourPartDecimal(plain);
  return isPlain ? ipaddr.parse(plain) : undefined;
}

/** An address in its usual spelling, from its 4 or 16 bytes. */
export function addressOfBytes(bytes: readonly number[]): string {
  return ipaddr.fromByteArray([...bytes]).toString();
}

function isPrefix(prefix: number | undefined, ip: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (prefix === undefined) return true;
  return Number.isInteger(prefix) && prefix >= 0 && prefix <= (ip.kind() === 'ipv4' ? 32 : 128);
}

function compare(left: readonly number[], right: readonly number[]): number {
  const index = left.findIndex((byte, position) => byte !== right[position]);
  return index < 0 ? 0 : (left[index] ?? 0) - (right[index] ?? 0);
}
