import ipaddr from 'ipaddr.js';

export type Family = 'inet' | 'inet6';

/** An address as a number of 32 or 128 bits. */
export interface PfAddress {
  readonly family: Family;
  readonly value: bigint;
}

/** A network; `value` has its host bits cleared. */
export interface PfPrefix extends PfAddress {
  readonly bits: number;
}

export const WIDTH: Readonly<Record<Family, number>> = { inet: 32, inet6: 128 };

/** An address without a mask; a zone behind `%` is dropped. Undefined for anything else, `10/8` and `010.0.0.1` too. */
export function readPfAddress(text: string): PfAddress | undefined {
  const [plain = '', ...zones] = text.split('%');
  if (zones.length > 1) return undefined;
  if (ipaddr.IPv4.isValidFourPartDecimal(plain)) return numberOf('inet', ipaddr.IPv4.parse(plain).toByteArray());
  if (plain.includes(':') && ipaddr.IPv6.isValid(plain)) {
    return numberOf('inet6', ipaddr.IPv6.parse(plain).toByteArray());
  }
  return undefined;
}

function numberOf(family: Family, bytes: readonly number[]): PfAddress {
  return { family, value: bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n) };
}

/** `a.b.c.d` or `a.b.c.d/bits`. */
export function readPfPrefix(text: string): PfPrefix | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const found = readPfAddress(address);
  if (!found || rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined;
  const bits = length === undefined ? WIDTH[found.family] : Number(length);
  return bits > WIDTH[found.family] ? undefined : prefixOf(found, bits);
}

export function prefixOf({ family, value }: PfAddress, bits: number): PfPrefix {
  const hostBits = BigInt(WIDTH[family] - bits);
  return { family, value: (value >> hostBits) << hostBits, bits };
}

export function isInPrefix({ family, value }: PfAddress, prefix: PfPrefix): boolean {
  const hostBits = BigInt(WIDTH[prefix.family] - prefix.bits);
  return family === prefix.family && value >> hostBits === prefix.value >> hostBits;
}

/** The highest address of a network. */
export function lastOf({ family, value, bits }: PfPrefix): PfAddress {
  return { family, value: value | ((1n << BigInt(WIDTH[family] - bits)) - 1n) };
}

export function printPfAddress({ family, value }: PfAddress): string {
  const size = WIDTH[family] / 8;
  const bytes = Array.from({ length: size }, (_, index) => Number((value >> BigInt(8 * (size - 1 - index))) & 255n));
  return ipaddr.fromByteArray(bytes).toString();
}
