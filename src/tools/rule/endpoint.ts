import { type ConfigTree, entriesAt, textAt, treeAt } from '../../config/model.ts';
import { own } from '../../core/own.ts';

/** The name people know an interface by, from its key. */
export type NameInterface = (key: string) => string;

/** Interfaces that the configuration does not list, by the names the GUI gives them. */
const BUILT_IN: Readonly<Record<string, string>> = {
  enc0: 'IPsec',
  openvpn: 'OpenVPN',
  l2tp: 'L2TP clients',
  pppoe: 'PPPoE clients',
  pptp: 'PPTP clients',
  any: 'any',
};

/** Names by key: the description, or what the GUI shows where there is none. Groups are called by their own name. */
export function interfaceNamer(
  descriptions: Readonly<Record<string, string>>,
  groups: readonly string[] = [],
): NameInterface {
  return (key) =>
    textAt(descriptions, key) || textAt(BUILT_IN, key) || (groups.includes(key) ? key : key.toUpperCase());
}

/** Interface key to description, from a configuration. */
export function interfaceDescriptions(config: ConfigTree): Record<string, string> {
  return Object.fromEntries(entriesAt(config, 'interfaces').map(([id, entry]) => [id, textAt(entry, 'descr') ?? '']));
}

/** `!LAN subnets port 443`; interface tokens by their description. */
export function readEndpoint(raw: ConfigTree | undefined, name: NameInterface): string {
  if (raw === undefined) return 'any';
  const port = textAt(raw, 'port');
  return `${readHost(raw, name)}${port ? ` port ${port}` : ''}`;
}

/** The address part of an endpoint. */
export function readHost(raw: ConfigTree, name: NameInterface): string {
  const not = treeAt(raw, 'not') === undefined ? '' : '!';
  const network = textAt(raw, 'network');
  const host = network === undefined ? (textAt(raw, 'address') ?? 'any') : readNetwork(network, name);
  return `${not}${host}`;
}

/** A token of pfSense (`lan`, `wanip`, `(self)`) or an address as it stands. */
export function readNetwork(token: string, name: NameInterface): string {
  if (token.startsWith('(')) return token === '(self)' ? 'this firewall' : token;
  if (token === 'any' || /[.:/]/.test(token)) return token;
  if (token === 'l2tp' || token === 'pppoe' || token === 'pptp') return name(token);
  // Only keys of interfaces: a group may be called Voip.
  const address = /^(wan|lan|opt\d+)ip[46]?$/.exec(token);
  return address ? `${name(address[1] ?? '')} address` : `${name(token)} subnets`;
}

const FAMILIES: Readonly<Record<string, string>> = { inet6: 'IPv6', inet46: 'IPv4+6' };

/** The family as people say it. */
export function readFamily(ipprotocol: string | undefined): string {
  return own(FAMILIES, ipprotocol ?? '') ?? 'IPv4';
}

/** A field that is there only when it says something. */
export function optional<K extends string>(key: K, value: string | undefined) {
  return value ? { [key]: value } : {};
}
