import { z } from 'zod';
import { detail } from '../detail.ts';
import { pageInput, pageOf, pageOutput } from '../page.ts';
import { defineTool } from '../tool.ts';
import { History } from './history.ts';
import { IpsecRow, ipsecRows } from './ipsec.ts';
import { OpenVpnRow, openVpnRows } from './openvpn.ts';
import { SAVED_NOTE } from './saved.ts';
import { vpnStatus } from './snippet.ts';
import { withHistories } from './told.ts';
import { answerForUser } from './user/answer.ts';
import { UserVerdict } from './user/verdict.ts';
import { WireGuardRow, wireGuardRows } from './wireguard.ts';

const Tunnel = z.object({
  kind: z.enum(['openvpn', 'ipsec', 'wireguard']),
  openvpn: OpenVpnRow.optional(),
  ipsec: IpsecRow.optional(),
  wireguard: WireGuardRow.optional(),
  history: History.nullable().optional(),
});
export type Tunnel = z.output<typeof Tunnel>;

export default defineTool({
  name: 'pf_vpn_status',
  title: 'VPN status',
  description:
    'OpenVPN servers and clients with the users connected now, IPsec phases 1 and 2, WireGuard tunnels and peers with the age of the last handshake. With user: why that person gets in or not, as one verdict over account, certificate, revocation, backends, logs and block tables. detailed with text: why a tunnel flaps. inBytes: received by the firewall. Never keys.',
  toolset: 'services',
  effect: 'read',
  complexity: 'firewall',
  isOpenWorld: true,
  input: z.strictObject({
    kind: z.enum(['openvpn', 'ipsec', 'wireguard']).optional(),
    text: z.string().max(100).optional().describe('Part of a name, user, address'),
    user: z.string().min(1).max(100).optional().describe('User or common name'),
    detail,
    ...pageInput,
  }),
  output: z.object({
    user: UserVerdict.optional(),
    tunnels: z.array(Tunnel).optional(),
    ...pageOutput,
    total: pageOutput.total.optional(),
    shown: pageOutput.shown.optional(),
  }),
  async run(args, { box, note }) {
    if (args.user !== undefined) return { user: await answerForUser(args.user, box, note) };
    const facts = await box.call(vpnStatus, {});
    const tunnels: Tunnel[] = [
      ...openVpnRows(facts).map((openvpn) => ({ kind: 'openvpn' as const, openvpn })),
      ...ipsecRows(facts).map((ipsec) => ({ kind: 'ipsec' as const, ipsec })),
      ...wireGuardRows(facts).map((wireguard) => ({ kind: 'wireguard' as const, wireguard })),
    ];
    if (facts.saved) note(SAVED_NOTE);
    else if (
      tunnels.some(({ openvpn, ipsec, wireguard }) => [openvpn, ipsec, wireguard].some((row) => row?.state === null))
    )
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
    const { tunnels: shown, left } = shorten(part, text);
    if (left > 0) note(`${left} connections are left out; name a user or an address in text to see theirs.`);
    const told = args.detail === 'detailed' ? await withHistories(shown, facts, box, note) : shown;
    return { tunnels: told, ...page };
  },
});

/** Connections that are shown of all servers together: unasked, and when a text says whose. */
const MAX_CONNECTIONS = 20;
const MAX_FOUND_CONNECTIONS = 80;

/** Every tunnel with users gets an equal share; with a text, those that it names come alone. */
function shorten(tunnels: readonly Tunnel[], text: string | undefined): { tunnels: Tunnel[]; left: number } {
  const crowded = tunnels.filter(({ openvpn, ipsec }) => (openvpn ?? ipsec)?.connections?.length).length;
  const most = text === undefined ? MAX_CONNECTIONS : MAX_FOUND_CONNECTIONS;
  const share = Math.max(1, Math.floor(most / Math.max(1, crowded)));
  let left = 0;
  const cut = <T>(connections: readonly T[]): T[] => {
    const wanted = named(connections, text);
    left += Math.max(0, wanted.length - share);
    return wanted.slice(0, share);
  };
  const short = tunnels.map((tunnel) => {
    const { openvpn, ipsec } = tunnel;
    if (openvpn?.connections) return { ...tunnel, openvpn: { ...openvpn, connections: cut(openvpn.connections) } };
    if (ipsec?.connections) return { ...tunnel, ipsec: { ...ipsec, connections: cut(ipsec.connections) } };
    return tunnel;
  });
  return { tunnels: short, left };
}

/** All of them when the text names the server itself. */
function named<T>(connections: readonly T[], text: string | undefined): readonly T[] {
  const found = connections.filter((one) => text !== undefined && JSON.stringify(one).toLowerCase().includes(text));
  return found.length > 0 ? found : connections;
}
