import { z } from 'zod';
import type { VpnFacts } from './snippet.ts';

const Connection = z.object({
  user: z.string().describe('Name of the user, else of the certificate'),
  commonName: z.string(),
  from: z.string(),
  address: z.string().nullable(),
  since: z.string().nullable(),
  inBytes: z.int().nullable(),
  outBytes: z.int().nullable(),
});

export const OpenVpnRow = z.object({
  id: z.string(),
  role: z.enum(['server', 'client']),
  name: z.string(),
  state: z
    .string()
    .nullable()
    .describe('disabled, listening, a state of OpenVPN such as CONNECTED; null: its daemon did not answer'),
  endpoint: z.string(),
  tunnelNetwork: z.string().optional(),
  connected: z.int().nullable().optional(),
  connections: z.array(Connection).nullable().optional(),
  remote: z.string().nullable().optional(),
  address: z.string().nullable().optional(),
  inBytes: z.int().nullable().optional(),
  outBytes: z.int().nullable().optional(),
});
type OpenVpnRow = z.output<typeof OpenVpnRow>;

type Entry = VpnFacts['openvpn']['servers'][number];
type Texts = Record<string, string>;

/** Servers and clients as they are configured, with what their daemons say. */
export function openVpnRows({ openvpn }: VpnFacts): OpenVpnRow[] {
  const servers = openvpn.servers.map((entry) => {
    const many = openvpn.multipoint.find(({ vpnid }) => vpnid === entry['vpnid']);
    const base = baseOf(entry, 'server');
    if (entry.disabled) return { ...base, state: 'disabled' };
    if (!many)
      return pointRow(
        base,
        openvpn.pointServers.find(({ vpnid }) => vpnid === entry['vpnid']),
      );
    const connections = many.connections?.map(connectionOf) ?? null;
    const state = connections === null ? null : 'listening';
    return { ...base, state, connected: connections?.length ?? null, connections };
  });
  const clients = openvpn.clients.map((entry) => {
    const base = baseOf(entry, 'client');
    if (entry.disabled) return { ...base, state: 'disabled' };
    return pointRow(
      base,
      openvpn.pointClients.find(({ vpnid }) => vpnid === entry['vpnid']),
    );
  });
  return [...servers, ...clients];
}

function baseOf(entry: Entry, role: 'server' | 'client') {
  const text = (key: string): string => String(entry[key] ?? '');
  const place =
    role === 'server' ? `port ${text('local_port') || '1194'}` : `${text('server_addr')} port ${text('server_port')}`;
  const network = [text('tunnel_network'), text('tunnel_networkv6')].filter((part) => part !== '').join(' ');
  return {
    id: text('vpnid'),
    role,
    name: text('description'),
    endpoint: `${text('protocol')} ${place}`.trim(),
    ...(network === '' ? {} : { tunnelNetwork: network }),
  };
}

/** An end of a tunnel between two; pfSense leaves `state` out when the daemon did not answer. */
function pointRow(base: ReturnType<typeof baseOf>, status: Texts | undefined): OpenVpnRow {
  if (!status?.['state']) return { ...base, state: null };
  const detail = status['state_detail'];
  return {
    ...base,
    state: detail ? `${status['state']} (${detail})` : status['state'],
    remote: [status['remote_host'], status['remote_port']].filter(Boolean).join(':') || null,
    address: status['virtual_addr'] || status['virtual_addr6'] || null,
    inBytes: numberOf(status['bytes_recv']),
    outBytes: numberOf(status['bytes_sent']),
  };
}

function connectionOf(conn: Texts) {
  const since = numberOf(conn['connect_time_unix']);
  const user = conn['user_name'];
  return {
    // OpenVPN writes UNDEF where nobody logged in by name.
    user: user && user !== 'UNDEF' ? user : (conn['common_name'] ?? ''),
    commonName: conn['common_name'] ?? '',
    from: conn['remote_host'] ?? '',
    address: conn['virtual_addr'] || conn['virtual_addr6'] || null,
    since: since === null ? null : new Date(since * 1000).toISOString(),
    inBytes: numberOf(conn['bytes_recv']),
    outBytes: numberOf(conn['bytes_sent']),
  };
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : null;
}
