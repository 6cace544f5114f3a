import { z } from 'zod';
import type { VpnFacts } from './snippet.ts';

const Peer = z.object({
  name: z.string(),
  pubkey: z.string(),
  enabled: z.boolean(),
  endpoint: z.string().nullable(),
  allowed: z.array(z.string()),
  handshakeAgeSeconds: z.int().nullable().describe('null: never since the tunnel is up, or could not look'),
  inBytes: z.int().nullable(),
  outBytes: z.int().nullable(),
});

export const WireGuardRow = z.object({
  name: z.string(),
  description: z.string(),
  state: z.enum(['up', 'down', 'disabled']).nullable(),
  port: z.string(),
  addresses: z.array(z.string()),
  peers: z.array(Peer),
});
type WireGuardRow = z.output<typeof WireGuardRow>;

/** Configured tunnels and peers with what the kernel says of them. */
export function wireGuardRows({ wireguard, now }: VpnFacts): WireGuardRow[] {
  const { dump, isEnabled } = wireguard;
  return wireguard.tunnels.map((tunnel) => {
    const name = String(tunnel['name'] ?? '');
    const isOn = isEnabled && tunnel['enabled'] === 'yes';
    const isUp = dump?.some((line) => line['tunnel'] === name && line['peer'] === undefined);
    return {
      name,
      description: String(tunnel['descr'] ?? ''),
      state: isOn ? (isUp === undefined ? null : isUp ? 'up' : 'down') : 'disabled',
      port: String(tunnel['listenport'] ?? ''),
      addresses: tunnel.addresses,
      peers: wireguard.peers
        .filter((peer) => peer['tun'] === name)
        .map((peer) => {
          const publicKey = String(peer['publickey'] ?? '');
          const live = dump?.find((line) => line['tunnel'] === name && line['peer'] === publicKey);
          const handshake = numberOf(live?.['handshake']);
          return {
            name: String(peer['descr'] ?? ''),
            pubkey: publicKey,
            enabled: peer['enabled'] === 'yes',
            endpoint: live?.['endpoint'] && live['endpoint'] !== '(none)' ? live['endpoint'] : null,
            allowed: peer.addresses,
            // WireGuard writes 0 for never.
            handshakeAgeSeconds: handshake ? Math.max(0, now - handshake) : null,
            inBytes: numberOf(live?.['received']),
            outBytes: numberOf(live?.['sent']),
          };
        }),
    };
  });
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
