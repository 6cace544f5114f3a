/**
 * Parts of the configuration that kinds of their own change, with what to call these; a star stands for any name. Those
 * that a kind changes field by field are listed by their fields: the others have no kind.
 */
const OWNED: readonly (readonly [paths: string, kinds: string])[] = [
  ['filter/rule', 'firewall_rule.add, firewall_rule.update, firewall_rule.delete'],
  ['filter/separator', 'firewall_separator.add, firewall_separator.delete'],
  ['aliases', 'alias.create, alias.update, alias.delete'],
  ['schedules', 'schedule.create, schedule.update, schedule.delete'],
  ['nat/rule nat/separator', 'nat_port_forward.add, nat_port_forward.update, nat_port_forward.delete'],
  ['nat/outbound', 'nat_outbound.add, nat_outbound.update, nat_outbound.set_mode'],
  ['nat/onetoone', 'nat_one_to_one.add, nat_one_to_one.update, nat_one_to_one.delete'],
  ['nat/npt', 'nat_npt.add, nat_npt.update, nat_npt.delete'],
  ['staticroutes', 'static_route.add, static_route.update, static_route.delete'],
  ['gateways/gateway_item', 'gateway.add, gateway.update, gateway.delete'],
  ['gateways/defaultgw4 gateways/defaultgw6', 'gateway.set_default'],
  ['gateways/gateway_group', 'gateway_group.add, gateway_group.update, gateway_group.delete'],
  ['vlans', 'vlan.create, vlan.update, vlan.delete'],
  ['virtualip', 'virtual_ip.add, virtual_ip.update, virtual_ip.delete'],
  ['system/user system/nextuid', 'user.create, user.update, user.delete'],
  ['system/group system/nextgid', 'group.create, group.update, group.delete'],
  ['cron', 'cron.add, cron.update, cron.delete'],
  ['sysctl', 'sysctl.set, sysctl.delete'],
  ['notifications/smtp', 'notification.set_smtp'],
  ['notifications/telegram', 'notification.set_telegram'],
  ['notifications/pushover', 'notification.set_pushover'],
  ['notifications/slack', 'notification.set_slack'],
  ['unbound/hosts dnsmasq/hosts', 'dns_host_override.add, dns_host_override.update, dns_host_override.delete'],
  [
    'unbound/domainoverrides dnsmasq/domainoverrides',
    'dns_domain_override.add, dns_domain_override.update, dns_domain_override.delete',
  ],
  ['dhcpd/*/staticmap', 'dhcp_mapping.add, dhcp_mapping.update, dhcp_mapping.delete'],
  ['interfaces/*/if', 'interface.assign, interface.unassign'],
  ['interfaces/*/enable', 'interface.toggle'],
  ...fieldsOf('interfaces/*', 'interface.update', [
    ...['descr', 'ipaddr', 'subnet', 'gateway', 'ipaddrv6', 'subnetv6', 'gatewayv6', 'mtu', 'mss', 'blockpriv'],
    ...['blockbogons', 'dhcphostname', 'dhcprejectfrom', 'dhcp6-duid', 'dhcp6-ia-pd-len'],
    ...['alias-address', 'alias-subnet'],
  ]),
  ...fieldsOf('dhcpd/*', 'dhcp_server.update', [
    ...['enable', 'staticarp', 'range', 'defaultleasetime', 'maxleasetime', 'winsserver', 'dnsserver', 'gateway'],
    ...['domain', 'domainsearchlist', 'ntpserver', 'ignorebootp', 'denyunknown', 'ignoreclientuids', 'nonak'],
    ...['mac_allow', 'mac_deny', 'pool'],
  ]),
  ...fieldsOf('unbound', 'dns_resolver.update', [
    ...['enable', 'enablessl', 'port', 'tlsport', 'sslcertref', 'strictout', 'dnssec', 'forwarding'],
    ...['forward_tls_upstream', 'regdhcp', 'regdhcpstatic', 'regovpnclients', 'active_interface'],
    ...['outgoing_interface', 'system_domain_local_zone_type'],
  ]),
  ...fieldsOf('dnsmasq', 'dns_forwarder.update', [
    ...['enable', 'regdhcp', 'regdhcpstatic', 'dhcpfirst', 'strict_order', 'domain_needed', 'no_private_reverse'],
    ...['strictbind', 'port', 'interface'],
  ]),
];

function fieldsOf(section: string, kind: string, names: readonly string[]): [string, string][] {
  return [[names.map((name) => `${section}/${name}`).join(' '), kind]];
}

/** The kinds that change a place, a part of it or what it is a part of; undefined when there are none. */
export function ownersOf(place: readonly string[]): string | undefined {
  return OWNED.find(([paths]) => paths.split(' ').some((path) => meets(path.split('/'), place)))?.[1];
}

/** Whether one of two places lies in the other. */
export function meets(pattern: readonly string[], place: readonly string[]): boolean {
  const shared = Math.min(pattern.length, place.length);
  return pattern.slice(0, shared).every((name, index) => name === '*' || name === place[index]);
}
