import { z } from 'zod';
import { pageInput, pageOf, pageOutput } from '../page.ts';
import { defineTool } from '../tool.ts';
import { IpsecRow, ipsecRows } from './ipsec.ts';
import { OpenVpnRow, openVpnRows } from './openvpn.ts';
import { vpnStatus } from './snippet.ts';
import { WireGuardRow, wireGuardRows } from './wireguard.ts';

const Tunnel = z.object({
  kind: z.enum(['openvpn', 'ipsec', 'wireguard']),
  openvpn: OpenVpnRow.optional(),
  ipsec: IpsecRow.optional(),
  wireguard: WireGuardRow.optional(),
});
type Tunnel = z.output<typeof Tunnel>;

export default defineTool({
  name: 'pf_vpn_status',
  title: 'VPN status',
  description:
    'OpenVPN servers and clients with the users connected now, IPsec phases 1 and 2, WireGuard tunnels and peers with the age of the last handshake. inBytes is what the firewall received. Never keys.',
  toolset: 'services',
  effect: 'read',
  complexity: 'firewall',
  isOpenWorld: true,
  input: z.strictObject({
    kind: z.enum(['openvpn', 'ipsec', 'wireguard']).optional(),
    text: z.string().max(100).optional().describe('Part of a name, user, address'),
    ...pageInput,
  }),
  output: z.object({ tunnels: z.array(Tunnel), ...pageOutput }),
  async run(args, { box, note }) {
    const facts = await box.call(vpnStatus, {});
    const tunnels: Tunnel[] = [
      ...openVpnRows(facts).map((openvpn) => ({ kind: 'openvpn' as const, openvpn })),
      ...ipsecRows(facts).map((ipsec) => ({ kind: 'ipsec' as const, ipsec })),
      ...wireGuardRows(facts).map((wireguard) => ({ kind: 'wireguard' as const, wireguard })),
    ];
    if (tunnels.some(({ openvpn, ipsec, wireguard }) => [openvpn, ipsec, wireguard].some((row) => row?.state === null)))
      note(
        'state null: that daemon did not answer (stopped, or busy with another reader), so who is connected is unknown.',
      );
    const text = args.text?.toLowerCase();
    const found = tunnels.filter(
      (tunnel) =>
        (args.kind === undefined || tunnel.kind === args.kind) &&
        (text === undefined || JSON.stringify(tunnel).toLowerCase().includes(text)),
    );
    const { part, facts: page } = pageOf(found, args);
    const { tunnels: shown, left } = shorten(part, text === undefined ? MAX_CONNECTIONS : Number.POSITIVE_INFINITY);
    if (left > 0) note(`${left} connections are left out; name a user or an address in text to see theirs.`);
    return { tunnels: shown, ...page };
  },
});

/** Connections of one server that are shown unasked. */
const MAX_CONNECTIONS = 30;

function shorten(tunnels: readonly Tunnel[], most: number): { tunnels: Tunnel[]; left: number } {
  const count = ({ openvpn, ipsec }: Tunnel): number => (openvpn ?? ipsec)?.connections?.length ?? 0;
  const left = tunnels.reduce((sum, tunnel) => sum + Math.max(0, count(tunnel) - most), 0);
  const short = tunnels.map((tunnel) => {
    const { openvpn, ipsec } = tunnel;
    if (count(tunnel) <= most) return tunnel;
    if (openvpn) return { ...tunnel, openvpn: { ...openvpn, connections: openvpn.connections?.slice(0, most) } };
    return ipsec ? { ...tunnel, ipsec: { ...ipsec, connections: ipsec.connections?.slice(0, most) } } : tunnel;
  });
  return { tunnels: short, left };
}
