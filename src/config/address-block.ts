import { addressOfBytes, parseAddress } from './address.ts';

/** A stretch of addresses, both ends in it. `bits` is 32 or 128. */
export interface AddressBlock {
  readonly first: bigint;
  readonly last: bigint;
  readonly bits: 32 | 128;
}

/** An address, a network in CIDR form or a range `a-b`; undefined for anything else (names, ports). */
export function readBlock(text: string): AddressBlock | undefined {
  const range = /^([^-/]+)-([^-/]+)$/.exec(text);
  if (range) return joined(readBlock(range[1]?.trim() ?? ''), readBlock(range[2]?.trim() ?? ''));
  const [address = '', length, ...more] = text.split('/');
  const parsed = readAddress(address);
  if (parsed === undefined || more.length > 0) return undefined;
  const { bits, value } = parsed;
  if (length !== undefined && !(/^\d{1,3}$/.test(length) && Number(length) <= bits)) return undefined;
  const size = 1n << BigInt(bits - Number(length ?? bits));
  const first = value - (value % size);
  return { first, last: first + size - 1n, bits };
}

/** An address or network taken apart into address and prefix length; undefined for anything else. */
export function networkOf(text: string): { readonly network: string; readonly length: number } | undefined {
  const block = readBlock(text);
  const [network = '', length] = text.split('/');
  const address = parseAddress(network);
  if (block === undefined || address === undefined) return undefined;
  return { network: address.toString(), length: length === undefined ? block.bits : Number(length) };
}

/** A network in CIDR form without host bits and always with its length, as in `10.0.0.0/8`; undefined for anything else. */
export function networkAddress(text: string): string | undefined {
  const block = text.includes('-') ? undefined : readBlock(text);
  const length = text.split('/')[1];
  if (block === undefined) return undefined;
  return `${addressOf(block.first, block.bits)}/${length === undefined ? block.bits : Number(length)}`;
}

function addressOf(value: bigint, bits: 32 | 128): string {
  const bytes = Array.from({ length: bits / 8 }, (_none, index) =>
    Number((value >> BigInt(bits - 8 - index * 8)) & 255n),
  );
  return addressOfBytes(bytes);
}

/** Whether `outer` holds all of `inner`. */
export function contains(outer: AddressBlock, inner: AddressBlock): boolean {
  return outer.bits === inner.bits && outer.first <= inner.first && inner.last <= outer.last;
}

function readAddress(text: string): { value: bigint; bits: 32 | 128 } | undefined {
  const bytes = parseAddress(text)?.toByteArray();
  if (bytes === undefined) return undefined;
  const value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return { value, bits: bytes.length === 4 ? 32 : 128 };
}

function joined(from: AddressBlock | undefined, to: AddressBlock | undefined): AddressBlock | undefined {
  if (from === undefined || to === undefined || from.bits !== to.bits || from.first > to.last) return undefined;
  return { first: from.first, last: to.last, bits: from.bits };
}
