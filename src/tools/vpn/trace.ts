import { isAddress } from '../../config/address.ts';
import type { TunnelTrace } from './history.ts';
import type { VpnFacts } from './snippet.ts';

type Entry = Readonly<Record<string, unknown>>;

/** Where the log speaks of an end of OpenVPN, and how this end is set. */
export function openVpnTrace(id: string, role: 'server' | 'client', { openvpn }: VpnFacts): TunnelTrace {
  const entry = (role === 'server' ? openvpn.servers : openvpn.clients).find(({ vpnid }) => vpnid === id) ?? {};
  return {
    log: 'openvpn',
    daemon: `${role}${id}`,
    connection: undefined,
    needles: role === 'client' ? addressesOf([textOf(entry, 'server_addr')]) : [],
    ours: settings(entry, {
      data_ciphers: 'ciphers',
      data_ciphers_fallback: 'fallback',
      digest: 'digest',
      dev_mode: 'mode',
    }),
  };
}

/** strongSwan writes `<con1|7>`, `con1[7]` and `con1{9}`; before it knows whose packets they are, the address alone. */
export function ipsecTrace(id: string, { ipsec }: VpnFacts): TunnelTrace {
  const entry = ipsec.phase1.find(({ ikeid }) => ikeid === id);
  const name = entry?.mobile ? 'con-mobile' : `con${id}`;
  const phase2 = ipsec.phase2.filter(({ ikeid }) => ikeid === id);
  return {
    log: 'ipsec',
    daemon: undefined,
    connection: name,
    needles: [`<${name}|`, `${name}[`, `${name}{`, `${name}_`, ...addressesOf([textOf(entry ?? {}, 'remote-gateway')])],
    ours: [
      ...settings(entry ?? {}, {
        proposals: 'phase 1',
        iketype: 'version',
        authentication_method: 'authentication',
        lifetime: 'lifetime',
        dpd_delay: 'DPD delay',
        dpd_maxfail: 'DPD failures',
      }),
      ...phase2.map((one) =>
        `phase 2 ${textOf(one, 'descr')}: ${textOf(one, 'local')} to ${textOf(one, 'remote')}, ${textOf(one, 'proposals')}`.replace(
          / {2,}/g,
          ' ',
        ),
      ),
    ],
  };
}

function settings(entry: Entry, names: Readonly<Record<string, string>>): string[] {
  return Object.entries(names).flatMap(([key, name]) =>
    textOf(entry, key) === '' ? [] : [`${name}: ${textOf(entry, key)}`],
  );
}

/** Only addresses: a name stands in many lines that are about something else. */
function addressesOf(hosts: readonly string[]): string[] {
  return hosts.filter(isAddress);
}

function textOf(entry: Entry, key: string): string {
  const value = entry[key];
  return typeof value === 'string' ? value : '';
}
