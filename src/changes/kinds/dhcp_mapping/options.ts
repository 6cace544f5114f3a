import { type ConfigSection, type ConfigTree, textAt } from '../../../config/model.ts';
import { refused } from '../../kind.ts';
import { type Fields, given } from '../fields.ts';
import { isHostName } from '../host-names.ts';
import { isIpv4, isReachable } from '../static-ipv4.ts';
import type { MappingContent } from './arguments.ts';

/** What an interface, a pool and a mapping can all hand out. */
export interface Options
  extends Pick<
    MappingContent,
    | 'gateway'
    | 'dnsServers'
    | 'winsServers'
    | 'ntpServers'
    | 'domain'
    | 'domainSearch'
    | 'defaultLeaseSeconds'
    | 'maxLeaseSeconds'
  > {}

/** The options as the configuration holds them. */
export function optionFields(options: Options): Fields {
  return {
    ...seconds('defaultleasetime', options.defaultLeaseSeconds),
    ...seconds('maxleasetime', options.maxLeaseSeconds),
    ...list('winsserver', options.winsServers),
    ...list('dnsserver', options.dnsServers),
    ...given('gateway', options.gateway),
    ...given('domain', options.domain),
    ...given('domainsearchlist', options.domainSearch?.join(';')),
    ...list('ntpserver', options.ntpServers),
  };
}

function seconds(key: string, value: number | undefined): Fields {
  return value === undefined ? {} : { [key]: value === 0 ? '' : String(value) };
}

function list(key: string, values: readonly string[] | undefined): Fields {
  return values === undefined ? {} : { [key]: values.length === 0 ? undefined : values };
}

/**
 * Refuses options that contradict each other or the interface.
 * @throws PfsenseError `bad_input`
 */
export function checkOptions(config: ConfigTree, key: string, section: ConfigSection, options: Options): void {
  const gateway = textAt(section, 'gateway') ?? '';
  if (gateway !== '' && gateway !== 'none' && !isReachable(config, key, gateway))
    throw refused(`gateway: ${gateway} is not in the network of ${key}.`);
  const [normal, longest] = ['defaultleasetime', 'maxleasetime'].map((name) => Number(textAt(section, name) || 0));
  if (longest && normal && longest < normal)
    throw refused('maxLeaseSeconds: it has to be as long as defaultLeaseSeconds, or longer.');
  const isKea = textAt(config, 'dhcpbackend') === 'kea';
  const wrong = options.ntpServers?.find((server) => !isIpv4(server) && (isKea || !isHostName(server)));
  if (wrong !== undefined)
    throw refused(`ntpServers: ${isKea ? 'Kea takes IPv4 addresses only' : 'neither IPv4 addresses nor host names'}.`);
}
