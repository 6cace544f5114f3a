import { isAddress } from '../../config/address.ts';
import { readBlock } from '../../config/address-block.ts';
import { type AddressValue, addressValue } from '../../config/address-set.ts';
import { type ConfigTree, entriesAt, listAt, textAt } from '../../config/model.ts';
import { addressText } from '../../whatif/addresses.ts';
import type { End } from './snippet.ts';

/** What a text means to a configuration alone: an address, the network of an interface, an alias. */
export function resolveEnd(text: string, isSix: boolean, config: ConfigTree): End {
  if (isAddress(text)) return { address: text, how: 'address' };
  const wanted = text.toLowerCase();
  const entry = entriesAt(config, 'interfaces').find(
    ([key, one]) => key === wanted || textAt(one, 'descr')?.toLowerCase() === wanted,
  );
  const own = entry && addressValue(textAt(entry[1], isSix ? 'ipaddrv6' : 'ipaddr') ?? '');
  if (entry !== undefined) return { address: own === undefined ? '' : addressText(neighbourOf(own)), how: 'network' };
  const alias = listAt(config, 'aliases/alias').find((one) => textAt(one, 'name') === text);
  if (alias === undefined) return { address: '', how: 'name' };
  const bits = isSix ? 128 : 32;
  const block = (textAt(alias, 'address') ?? '')
    .split(/\s+/)
    .map(readBlock)
    .find((one) => one?.bits === bits);
  return { address: block === undefined ? '' : addressText({ value: block.first, bits }), how: 'alias' };
}

/** Some other host of the same network, the same one that the firewall would name. */
function neighbourOf({ value, bits }: AddressValue): AddressValue {
  return { value: value ^ ((value & 2n) === 0n ? 2n : 1n), bits };
}
