import type { Box } from '../../pfsense/box.ts';
import { historyOf, type TunnelTrace } from './history.ts';
import { vpnLog } from './log-snippet.ts';
import type { VpnFacts } from './snippet.ts';
import type { Tunnel } from './status.ts';
import { ipsecTrace, openVpnTrace } from './trace.ts';

/** Tunnels of one answer whose logs are read. */
const MOST = 8;
const MOST_LINES = 2_000;

/** Tunnels with what the logs tell of each: how often it went down, the last error, both ends side by side. */
export async function withHistories(
  tunnels: readonly Tunnel[],
  facts: VpnFacts,
  box: Box,
  note: (text: string) => void,
): Promise<Tunnel[]> {
  const traces = tunnels.slice(0, MOST).flatMap((tunnel) => traceOf(tunnel, facts) ?? []);
  const log = await box.call(vpnLog, {
    user: '',
    needles: traces.flatMap(({ needles }) => [...needles]),
    daemons: traces.flatMap(({ daemon }) => daemon ?? []),
    limit: MOST_LINES,
  });
  const found = tunnels.map((tunnel, index): Tunnel => {
    const trace = traceOf(tunnel, facts);
    return { ...tunnel, history: trace && index < MOST ? historyOf(trace, log) : null };
  });
  if (tunnels.some(({ kind }) => kind === 'wireguard'))
    note(
      'WireGuard writes no log: only the age of its handshakes tells. Above about 180 s with traffic the peer is gone.',
    );
  if (found.some(({ kind, history }, index) => kind !== 'wireguard' && index < MOST && history === null))
    note('history null: the log of that kind of VPN is missing or could not be read.');
  if (tunnels.length > MOST) note(`Logs were read for the first ${MOST} tunnels; name one in text.`);
  return found;
}

function traceOf({ openvpn, ipsec }: Tunnel, facts: VpnFacts): TunnelTrace | undefined {
  if (openvpn) return openVpnTrace(openvpn.id, openvpn.role, facts);
  return ipsec ? ipsecTrace(ipsec.id, facts) : undefined;
}
