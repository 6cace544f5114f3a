/** Groups of tools that are switched on together (`--toolsets`). */
export const TOOLSETS = {
  system: 'Versions, load, services, users, packages, high availability, health of the driver',
  network: 'Interfaces, gateways, routes, traffic',
  services: 'DHCP, DNS, VPN, certificates',
  diagnostics: 'Ping, look-ups, tables, packet capture, who is who',
  rules: 'Filter rules with their counters, NAT, aliases, states',
  config: 'Sections of the configuration without secrets',
  change: 'Changes: planned, tried out, confirmed or undone',
  action: 'Services started and stopped, caches flushed, and what needs a person: restarts, reboot, packages',
  logs: 'Logs of the firewall',
} as const;

export type ToolsetId = keyof typeof TOOLSETS;

export function isToolset(name: string): name is ToolsetId {
  return Object.hasOwn(TOOLSETS, name);
}
