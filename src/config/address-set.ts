import { type AddressBlock, readBlock } from './address-block.ts';

/** One address as a number; `bits` is 32 or 128. */
export interface AddressValue {
  readonly value: bigint;
  readonly bits: 32 | 128;
}

/** An address as a number; undefined for anything else, networks included. */
export function addressValue(text: string): AddressValue | undefined {
  const block = text.includes('/') ? undefined : readBlock(text);
  return block === undefined || block.first !== block.last ? undefined : { value: block.first, bits: block.bits };
}

/** Addresses of both families as sorted stretches that do not touch: what they were built from does not matter. */
export class AddressSet {
  readonly #four: readonly AddressBlock[];
  readonly #six: readonly AddressBlock[];

  constructor(blocks: readonly AddressBlock[]) {
    this.#four = merged(blocks.filter(({ bits }) => bits === 32));
    this.#six = merged(blocks.filter(({ bits }) => bits === 128));
  }

  static readonly none = new AddressSet([]);

  /** The set of addresses and networks; what is neither is left out. */
  static of(texts: readonly string[]): AddressSet {
    return new AddressSet(texts.flatMap((text) => readBlock(text) ?? []));
  }

  get blocks(): readonly AddressBlock[] {
    return [...this.#four, ...this.#six];
  }

  has({ value, bits }: AddressValue): boolean {
    const blocks = bits === 32 ? this.#four : this.#six;
    let [low, high] = [0, blocks.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const block = blocks[middle];
      if (block === undefined || value < block.first) high = middle - 1;
      else if (value > block.last) low = middle + 1;
      else return true;
    }
    return false;
  }

  hasFamily(bits: 32 | 128): boolean {
    return (bits === 32 ? this.#four : this.#six).length > 0;
  }

  /** Equal for equal sets, however they are written. */
  toString(): string {
    return this.blocks.map(({ first, last, bits }) => `${bits}:${first.toString(16)}-${last.toString(16)}`).join(' ');
  }
}

function merged(blocks: readonly AddressBlock[]): AddressBlock[] {
  const sorted = [...blocks].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const result: AddressBlock[] = [];
  for (const block of sorted) {
    const last = result.at(-1);
    if (last === undefined || block.first > last.last + 1n) result.push(block);
    else if (block.last > last.last) result[result.length - 1] = { ...last, last: block.last };
  }
  return result;
}
