import { parseAddress } from '../../../config/address.ts';
import { readBlock } from '../../../config/address-block.ts';

/** A network with its length and without host bits, as outbound rules hold single addresses too; names stay. */
export function networkText(text: string): string {
  const block = readBlock(text);
  if (block === undefined) return text;
  const [address = '', length = String(block.bits)] = text.split('/');
  const bytes = parseAddress(address)?.toByteArray() ?? [];
  const kept = bytes.map((byte, index) => {
    const bits = Math.min(8, Math.max(0, Number(length) - index * 8));
    return byte & (0xff << (8 - bits)) & 0xff;
  });
  return `${block.bits === 32 ? kept.join('.') : ipv6Text(kept, address, bytes)}/${length}`;
}

/** The spelling that was given when it has no host bits. */
function ipv6Text(kept: readonly number[], given: string, bytes: readonly number[]): string {
  if (kept.every((byte, index) => byte === bytes[index])) return given;
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((kept[at * 2] ?? 0) << 8) | (kept[at * 2 + 1] ?? 0)).toString(16),
  );
  return parseAddress(groups.join(':'))?.toString() ?? given;
}
