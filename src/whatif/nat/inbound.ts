import { listAt, textAt, treeAt } from '../../config/model.ts';
import type { Context } from '../context.ts';
import { pfRule } from '../pf-rule.ts';
import { SOME_PORT } from '../ports.ts';
import type { NatRule } from './translation.ts';

/** Translations of arriving packets that no configuration tells: what packages, portals and UPnP clients asked for. */
export function undecidedInward({ config, interfaces }: Context): NatRule[] {
  const found: NatRule[] = [];
  const add = (name: string, on: readonly string[] | null, protocols: readonly string[] | null): void => {
    found.push({
      when: pfRule({ direction: 'in', on, protocols, unless: [name], origin: { kind: 'hidden', name } }),
      targets: [{ kind: 'unknown', name }],
      port: () => SOME_PORT,
      passes: false,
      origin: { kind: 'other', description: '' },
    });
  };
  for (const one of listAt(config, 'installedpackages/package'))
    if ((textAt(one, 'filter_rule_function') ?? '') !== '')
      add(`rules of package ${textAt(one, 'name') ?? ''}`, null, null);
  if (textAt(config, 'installedpackages/miniupnpd/config/0/enable') === 'on')
    add('port mappings of UPnP', null, ['tcp', 'udp']);
  const tftp = (textAt(config, 'system/tftpinterface') ?? '')
    .split(',')
    .flatMap((key) => interfaces.get(key)?.device ?? []);
  if (tftp.length > 0) add('TFTP proxy', tftp, ['udp']);
  if (listAt(config, 'ipsec/phase2').some((one) => treeAt(one, 'natlocalid') !== undefined))
    add('NAT of an IPsec tunnel', ['enc0'], null);
  if (treeAt(config, 'diag/ipv6nat/enable') !== undefined) add('IPv6 over IPv4', null, ['ipv6']);
  return found;
}
