import { readBlock } from '../config/address-block.ts';
import { AddressSet } from '../config/address-set.ts';
import { type AddressMatch, part } from './addresses.ts';
import type { Primary } from './network.ts';

/** `::10`, the host part of an address whose network the provider gives. */
export function mergeSuffix(suffix: string, six: Primary | undefined, isNot: boolean): AddressMatch {
  const unknown = [part({ unknown: ['delegated prefix'], not: isNot })];
  if (typeof six !== 'object') return unknown;
  const network = readBlock(`${six.address}/${six.length}`);
  const host = readBlock(suffix);
  if (
    network === undefined ||
    host === undefined ||
    host.first !== host.last ||
    host.first > network.last - network.first
  )
    return unknown;
  const value = network.first + host.first;
  return [part({ set: new AddressSet([{ first: value, last: value, bits: 128 }]), not: isNot })];
}
