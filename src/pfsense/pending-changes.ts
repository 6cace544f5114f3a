import { own } from '../core/own.ts';

/** Marks of pfSense by what people call the part; the others say it themselves. */
const NAMES: Readonly<Record<string, string>> = {
  natconf: 'nat',
  staticroutes: 'gateways and routes',
  vip: 'virtual IPs',
  unbound: 'DNS resolver',
  hosts: 'DNS forwarder',
  dhcpd: 'DHCP server',
  dhcpd6: 'DHCPv6 server',
  shaper: 'traffic shaper',
  ipsec: 'IPsec',
  vpnpppoe: 'PPPoE server',
  igmpproxy: 'IGMP proxy',
  sysctl: 'system tunables',
  restore: 'restored configuration',
};

/** What others did to a change of ours, by the marks of the runner. */
const OVERWRITTEN: Readonly<Record<string, string>> = {
  overwritten: 'was overwritten by somebody else: pf_change_status',
  resurrected: 'was undone and brought back by somebody else: pf_change_status',
};

/** How the name of such a change begins. */
export const OVERWRITTEN_CHANGE = 'change ';

const GATEWAY_GROUP = 'gwgroup.';

/** What a mark of pfSense for changes that are saved and not applied yet is called in answers. */
export function pendingName(mark: string): string {
  const [what = '', id = ''] = mark.split('.');
  if (Object.hasOwn(OVERWRITTEN, what)) return `${OVERWRITTEN_CHANGE}${id} ${OVERWRITTEN[what]}`;
  if (mark.startsWith(GATEWAY_GROUP)) return `gateway group ${mark.slice(GATEWAY_GROUP.length)}`;
  return own(NAMES, mark) ?? mark;
}
