import { type ConfigSection, type ConfigTree, textAt, treeAt } from '../../../config/model.ts';
import { refused } from '../../kind.ts';
import { aliasType } from '../aliases.ts';
import { endpointSection, type Family, familyOf } from '../endpoint.ts';
import { type Fields, flag, given, sectionIn } from '../fields.ts';
import { tokenOf } from '../interfaces.ts';
import { canHaveAddress, interfaceOfToken } from '../nat/interfaces.ts';
import type { OneToOneChanges } from './arguments.ts';

const ORDER = 'nobinat disabled external descr interface ipprotocol source destination natreflection'.split(' ');
const TOKENS = ['any', 'clients', 'interface-address', 'interface-net'] as const;

/**
 * The keys that the given arguments are about.
 * @throws PfsenseError `bad_input`
 */
export function oneToOneFieldsOf(config: ConfigTree, args: OneToOneChanges): Fields {
  const end = (argument: 'source' | 'destination'): ConfigSection | undefined =>
    args[argument] && endpointSection(config, args[argument], { argument, tokens: TOKENS });
  return {
    ...flag('nobinat', args.noTranslation),
    ...flag('disabled', args.disabled),
    ...given('external', args.external?.toLowerCase()),
    ...given('descr', args.description),
    ...given('interface', args.interface),
    ...given('ipprotocol', args.family),
    ...given('source', end('source')),
    ...given('destination', end('destination')),
    ...(args.reflection === undefined
      ? {}
      : { natreflection: args.reflection === 'default' ? undefined : args.reflection }),
  };
}

/** A 1:1 rule, its keys in pfSense's order. */
export function oneToOneOf(fields: Fields): ConfigSection {
  return sectionIn(ORDER, fields);
}

/**
 * Refuses what pfSense's page would not save.
 * @throws PfsenseError `bad_input`
 */
export function checkOneToOne(config: ConfigTree, rule: ConfigSection): void {
  const family: Family = textAt(rule, 'ipprotocol') === 'inet6' ? 'inet6' : 'inet';
  const [external, source] = [textAt(rule, 'external') ?? '', textAt(rule, 'source/address') ?? ''];
  const problems: [boolean, string][] = [
    [!canHaveAddress(config, textAt(rule, 'interface') ?? '', family), `interface: it has no ${family} address.`],
    [!isOfFamily(config, external, family), `external: neither an ${family} address nor an interface with one.`],
    [
      source !== '' && aliasType(config, source) !== undefined,
      'source: an alias cannot be translated address by address.',
    ],
    ...(['source', 'destination'] as const).map((end): [boolean, string] => {
      const place = textAt(rule, `${end}/address`) ?? textAt(rule, `${end}/network`) ?? '';
      const isFree = treeAt(rule, `${end}/any`) !== undefined || aliasType(config, place) !== undefined;
      return [!isFree && !isOfFamily(config, place, family), `${end}: the address is not of the family ${family}.`];
    }),
  ];
  const found = problems.find(([isWrong]) => isWrong);
  if (found !== undefined) throw refused(found[1]);
}

function isOfFamily(config: ConfigTree, text: string, family: Family): boolean {
  const token = tokenOf(config, text);
  const key = interfaceOfToken(config, text) ?? (token === 'interface-net' ? text : undefined);
  return key === undefined ? familyOf(text) === family : canHaveAddress(config, key, family);
}
