/** Logs that most firewalls have, for completion; what a firewall really has it says itself. */
export const LOGS = [
  'system',
  'filter',
  'dhcpd',
  'vpn',
  'openvpn',
  'ipsec',
  'gateways',
  'resolver',
  'routing',
  'auth',
  'nginx',
  'ntpd',
  'portalauth',
  'ppp',
  'wireless',
] as const;
