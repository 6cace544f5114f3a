/** Groups of tools that are switched on together (`--toolsets`). */
export const TOOLSETS = {
  system: 'Versions, load, services, users, packages, high availability, health of the driver',
  network: 'Interfaces, gateways, routes, traffic',
  services: 'DHCP, DNS, VPN, certificates',
  diagnostics: 'Ping, look-ups, tables, packet capture, who is who',
  rules: 'Filter rules with their counters, NAT, aliases, states',
  config: 'Sections of the configuration without secrets',
  logs: 'Logs of the firewall',
} as const;

export type ToolsetId = keyof typeof TOOLSETS;

export function isToolset(name: string): name is ToolsetId {
  return Object.hasOwn(TOOLSETS, name);
}
