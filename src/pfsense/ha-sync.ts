import { own } from '../core/own.ts';
/** Sections that pfSense copies to the peer, by the settings of `hasync` each of which causes it. */
export const SENT_BY: Readonly<Record<string, readonly string[]>> = {
  filter: ['synchronizerules'],
  schedules: ['synchronizeschedules', 'synchronizerules'],
  nat: ['synchronizenat'],
  aliases: ['synchronizealiases'],
  dhcpd: ['synchronizedhcpd'],
  kea: ['synchronizedhcpd'],
  dhcpdv6: ['synchronizekea6'],
  kea6: ['synchronizekea6'],
  dhcrelay: ['synchronizedhcrelay'],
  dhcrelay6: ['synchronizedhcrelay6'],
  wol: ['synchronizewol'],
  shaper: ['synchronizetrafficshaper'],
  dnshaper: ['synchronizetrafficshaperlimiter'],
  staticroutes: ['synchronizestaticroutes'],
  gateways: ['synchronizestaticroutes'],
  virtualip: ['synchronizevirtualip'],
  ipsec: ['synchronizeipsec'],
  openvpn: ['synchronizeopenvpn'],
  cert: ['synchronizecerts', 'synchronizeopenvpn'],
  ca: ['synchronizecerts', 'synchronizeopenvpn'],
  crl: ['synchronizecerts', 'synchronizeopenvpn'],
  'system/user': ['synchronizeusers'],
  'system/group': ['synchronizeusers'],
  'system/authserver': ['synchronizeauthservers'],
  dnsmasq: ['synchronizednsforwarder'],
  unbound: ['synchronizednsforwarder'],
  captiveportal: ['synchronizecaptiveportal'],
  voucher: ['synchronizecaptiveportal'],
};

/** Whether the sender copies a section: null where pfSense never does. */
export function isCopied(section: string, sections: readonly string[]): boolean | null {
  const settings = own(SENT_BY, section);
  return settings ? settings.some((name) => sections.includes(name)) : null;
}

/** The section of a change, by its path: three lists within `system` are copied on their own. */
export function sectionOfPath(path: string): string {
  const [first = '', second = ''] = path.split('/');
  const own = `${first}/${second}`;
  return own in SENT_BY ? own : first;
}
