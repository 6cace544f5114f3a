import { z } from 'zod';
import { type ConfigTree, entriesAt, listAt, textAt } from '../../../config/model.ts';
import { refused } from '../../kind.ts';
import { gatewayNamed } from '../gateway/known.ts';
import { isPfWord } from '../object-name.ts';

export const InterfaceName = z
  .string()
  .regex(/^\w{1,25}$/, 'must be 1 to 25 letters, digits and underscores')
  .describe('Description, by which people know the interface');

/**
 * Names of interfaces, groups and aliases share one space.
 * @throws PfsenseError `bad_input`
 */
export function checkInterfaceName(config: ConfigTree, key: string, name: string): void {
  const lower = name.toLowerCase();
  const isSame = (text: string | undefined): boolean => (text ?? '').toLowerCase() === lower;
  const other = entriesAt(config, 'interfaces').find(([one, entry]) => one !== key && isSame(textAt(entry, 'descr')));
  const problem =
    (other && `the interface ${other[0]} has it`) ??
    (/^\d+$/.test(name) ? 'it consists of digits' : undefined) ??
    (name.startsWith('pkg_') ? 'pfSense keeps this beginning for itself' : undefined) ??
    (isPfWord(name) ? 'the packet filter needs it itself' : undefined) ??
    (listAt(config, 'aliases/alias').some((one) => isSame(textAt(one, 'name'))) ? 'an alias has it' : undefined) ??
    (listAt(config, 'ifgroups/ifgroupentry').some((one) => isSame(textAt(one, 'ifname')))
      ? 'a group has it'
      : undefined);
  if (problem !== undefined) throw refused(`description: no interface can have this name; ${problem}.`);
}

/**
 * Gateways that pfSense makes by itself are called after their interface, and go with its old name or way.
 * @throws PfsenseError `bad_input` when something names one
 */
export function checkGatewayNames(config: ConfigTree, key: string): void {
  const start = `${textAt(config, `interfaces/${key}/descr`) || key.toUpperCase()}_`;
  const used = [
    ...listAt(config, 'filter/rule').map((rule) => textAt(rule, 'gateway')),
    ...listAt(config, 'staticroutes/route').map((route) => textAt(route, 'gateway')),
    ...listAt(config, 'gateways/gateway_group').flatMap((group) =>
      listAt(group, 'item').map((item) => (typeof item === 'string' ? item.split('|')[0] : undefined)),
    ),
    ...['defaultgw4', 'defaultgw6'].map((field) => textAt(config, `gateways/${field}`)),
  ];
  const lost = used.find((name) => {
    const known = name?.startsWith(start) ? gatewayNamed(config, name) : undefined;
    return known !== undefined && known.entry === undefined;
  });
  if (lost !== undefined)
    throw refused(
      `The gateway ${lost}, which pfSense makes by itself for the interface ${key}, would be gone, and is in use.`,
      'Change what names it first, or keep it by changing it with gateway.update.',
    );
}
