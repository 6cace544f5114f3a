import { type ConfigTree, entriesAt, listAt, textAt, treeAt } from '../../config/model.ts';

/** Groups whose members the configuration does not list, so that no rule can mean their networks. */
const WITHOUT_MEMBERS = new Set(['WireGuard', 'Tailscale']);

/** Keys of the interfaces that are enabled, as in `opt3`. */
export function enabledInterfaces(config: ConfigTree): string[] {
  return entriesAt(config, 'interfaces')
    .filter(([, entry]) => treeAt(entry, 'enable') !== undefined)
    .map(([key]) => key);
}

export function interfaceGroups(config: ConfigTree): string[] {
  return listAt(config, 'ifgroups/ifgroupentry')
    .map((group) => textAt(group, 'ifname') ?? '')
    .filter((name) => name !== '');
}

/** What a rule can stand on besides the floating tab: interfaces, groups and the servers of VPNs. */
export function ruleInterfaces(config: ConfigTree): string[] {
  const servers = listAt(config, 'pppoes/pppoe').some((server) => textAt(server, 'mode') === 'server');
  const ipsec = listAt(config, 'ipsec/phase1').some((phase) => treeAt(phase, 'disabled') === undefined);
  const openvpn = [...listAt(config, 'openvpn/openvpn-server'), ...listAt(config, 'openvpn/openvpn-client')];
  return [
    ...interfaceGroups(config),
    ...enabledInterfaces(config),
    ...(textAt(config, 'l2tp/mode') === 'server' ? ['l2tp'] : []),
    ...(servers ? ['pppoe'] : []),
    ...(ipsec ? ['enc0'] : []),
    ...(openvpn.length > 0 ? ['openvpn'] : []),
  ];
}

/** Kinds of tokens that stand for addresses; each page of pfSense knows some of them. */
export type Token = 'any' | 'self' | 'clients' | 'interface-address' | 'interface-net' | 'group';

/** What a word stands for on pfSense's pages; undefined for an address or an alias. */
export function tokenOf(config: ConfigTree, word: string): Token | undefined {
  if (word === 'any') return 'any';
  if (word === '(self)') return 'self';
  if (word === 'pptp' || word === 'pppoe' || word === 'l2tp') return 'clients';
  const interfaces = enabledInterfaces(config);
  if (interfaces.includes(word)) return 'interface-net';
  if (interfaces.some((key) => word === `${key}ip`)) return 'interface-address';
  return interfaceGroups(config).includes(word) && !WITHOUT_MEMBERS.has(word) ? 'group' : undefined;
}
