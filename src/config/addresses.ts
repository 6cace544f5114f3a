import { createHmac, randomBytes } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';

const IPV4 = /(?<![\w.:-])(\d{1,3}(?:\.\d{1,3}){3})(\/\d{1,2})?(?![\w:]|\.\d)/g;
const IPV6 = /(?<![\w:.])((?=[0-9a-f:]*:[0-9a-f:]*:)[0-9a-f:]{2,39})(\/\d{1,3})?(?![\w:])/gi;
const MAC = /(?<![\w:-])[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}(?![\w:-])/gi;

/** Whether the bit that follows a prefix is turned. */
type IsTurned = (prefix: string) => boolean;

/**
 * Replaces addresses by others of the same kind: equal ones by equal ones, two of one network by two of one network.
 * Private ranges stay private; netmasks, loopback, multicast and the first eight bits stay what they are.
 * Each replacer has a key of its own, so two runs cannot be compared.
 */
export function addressReplacer(key = randomBytes(32)): (text: string) => string {
  const hash = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const isTurned: IsTurned = (prefix) => ((hash(prefix)[0] ?? 0) & 1) === 1;
  const replaceMac = (mac: string, separator: string): string => {
    const own = hash(mac.toLowerCase().replaceAll('-', ':')).subarray(0, 5);
    return [0x02, ...own].map((byte) => byte.toString(16).padStart(2, '0')).join(separator);
  };
  return (text) =>
    text
      .replace(MAC, replaceMac)
      .replace(IPV6, (whole, address: string, length = '') =>
        isIPv6(address) ? replaceIpv6(address, length, isTurned) + length : whole,
      )
      .replace(IPV4, (whole, address: string, length = '') =>
        isIPv4(address) ? replaceIpv4(address, length, isTurned) + length : whole,
      );
}

function replaceIpv4(address: string, length: string, isTurned: IsTurned): string {
  const octets = address.split('.').map(Number);
  const bits = bitsOf(octets, 8);
  if (/^(?:1*0*|0*1*)$/.test(bits)) return address;
  const kept = keptIpv4([octets[0] ?? 0, octets[1] ?? 0]);
  return numbersOf(turn(bits, { kept, length }, isTurned), 8).join('.');
}

function keptIpv4([first, second]: readonly [number, number]): number {
  if (first === 127 || first >= 224) return 32;
  if (first === 10) return 8;
  if (first === 172 && second >= 16 && second < 32) return 12;
  if ((first === 192 && second === 168) || (first === 169 && second === 254)) return 16;
  // 100.64.0.0/10 of carriers.
  if (first === 100 && second >= 64 && second < 128) return 10;
  return 8;
}

function replaceIpv6(address: string, length: string, isTurned: IsTurned): string {
  const groups = expand(address);
  const [first = 0] = groups;
  // Unspecified, loopback and bare prefixes such as fe80:: say nothing about a site; neither does multicast.
  const isBare = groups.slice(0, 7).every((group) => group === 0) || groups.slice(1).every((group) => group === 0);
  if (isBare || first >= 0xff00) return address;
  const kept = first >> 6 === 0xfe80 >> 6 ? 64 : 8;
  const turned = numbersOf(turn(bitsOf(groups, 16), { kept, length }, isTurned), 16);
  return turned
    .map((group) => group.toString(16))
    .join(':')
    .replace(/(?:^|:)0(?::0){1,7}(?:$|:)/, '::');
}

/** Behind the kept bits each is turned or not, by what stands before it; of a network only its own part. */
function turn(bits: string, { kept, length }: { kept: number; length: string }, isTurned: IsTurned): string {
  const network = Number(length.slice(1));
  const isNetwork = length !== '' && !bits.slice(network).includes('1');
  const last = isNetwork ? network : bits.length;
  return Array.from(bits, (bit, index) => {
    if (index < kept || index >= last) return bit;
    return isTurned(`${bits.length}:${bits.slice(0, index)}`) === (bit === '0') ? '1' : '0';
  }).join('');
}

function bitsOf(numbers: readonly number[], width: 8 | 16): string {
  return numbers.map((number) => number.toString(2).padStart(width, '0')).join('');
}

function numbersOf(bits: string, width: 8 | 16): number[] {
  const count = bits.length / width;
  return Array.from({ length: count }, (_, index) =>
    Number.parseInt(bits.slice(index * width, (index + 1) * width), 2),
  );
}

function expand(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const numbers = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [front, back] = [numbers(head), numbers(tail ?? '')];
  return [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back];
}
