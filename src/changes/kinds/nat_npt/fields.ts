import { contains, readBlock } from '../../../config/address-block.ts';
import { type ConfigSection, type ConfigTree, textAt } from '../../../config/model.ts';
import { refused } from '../../kind.ts';
import { familyOf, readNetwork } from '../endpoint.ts';
import { type Fields, flag, given, sectionIn } from '../fields.ts';
import type { NptChanges } from './arguments.ts';

const ORDER = 'disabled descr interface source destination'.split(' ');

/**
 * The keys that the given arguments are about.
 * @throws PfsenseError `bad_input`
 */
export function nptFieldsOf(args: NptChanges): Fields {
  const prefix = (argument: 'source' | 'destination'): ConfigSection | undefined => {
    const text = args[argument];
    if (text === undefined) return undefined;
    const network = readNetwork(text);
    if (network === undefined || familyOf(network) !== 'inet6') throw refused(`${argument}: no IPv6 prefix.`);
    return { address: network };
  };
  return {
    ...flag('disabled', args.disabled),
    ...given('descr', args.description),
    ...given('interface', args.interface),
    ...given('source', prefix('source')),
    ...given('destination', prefix('destination')),
  };
}

/** An NPt rule, its keys in pfSense's order. */
export function nptOf(fields: Fields): ConfigSection {
  return sectionIn(ORDER, fields);
}

/**
 * Refuses what pfSense's page would not save.
 * @throws PfsenseError `bad_input`
 */
export function checkNpt(config: ConfigTree, rule: ConfigSection): void {
  const lengthOf = (end: string): string => (textAt(rule, `${end}/address`) ?? '').split('/')[1] ?? '128';
  const outside = textAt(rule, 'destination/address');
  if (outside === undefined) return;
  if (lengthOf('source') !== lengthOf('destination'))
    throw refused('source, destination: both prefixes need the same length.');
  const own = readBlock(textAt(config, `interfaces/${textAt(rule, 'interface') ?? ''}/ipaddrv6`) ?? '');
  const block = readBlock(outside);
  if (own !== undefined && block !== undefined && contains(block, own))
    throw refused('destination: the address of the interface itself lies in this prefix.');
}
