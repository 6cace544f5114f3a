import { type AddressBlock, readBlock } from '../../../config/address-block.ts';

/** All IPv4 addresses of a network or range; undefined when there are more than `most`. */
export function addressesIn(text: string, most: number): string[] | undefined {
  const block = ipv4Block(text);
  const size = Number(block.last - block.first) + 1;
  if (size > most) return undefined;
  return Array.from({ length: size }, (_, index) => dotted(block.first + BigInt(index)));
}

/** The fewest IPv4 networks that make up a range, in its order. */
export function networksIn(text: string): string[] {
  const { first, last } = ipv4Block(text);
  const networks: string[] = [];
  for (let from = first; from <= last; ) {
    let bits = 0;
    while (bits < 32 && from % (1n << BigInt(bits + 1)) === 0n && from + (1n << BigInt(bits + 1)) - 1n <= last)
      bits += 1;
    networks.push(`${dotted(from)}/${32 - bits}`);
    from += 1n << BigInt(bits);
  }
  return networks;
}

function ipv4Block(text: string): AddressBlock {
  const block = readBlock(text);
  if (block?.bits !== 32) throw new Error('not a block of IPv4 addresses');
  return block;
}

function dotted(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
}
