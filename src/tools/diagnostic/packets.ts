import { z } from 'zod';

export const Conversation = z.object({
  protocol: z.string(),
  between: z.string(),
  packets: z.int(),
  payloadBytes: z.int(),
});

/** One line of tcpdump -tt -q. */
export interface Packet {
  readonly protocol: string;
  readonly from: string;
  readonly to: string;
  readonly bytes: number;
}

export function readPackets(text: string): Packet[] {
  return text.split('\n').flatMap((line) => readPacket(line) ?? []);
}

function readPacket(line: string): Packet | undefined {
  const arp = /^\S+ ARP, (?:Request who-has (\S+) tell (\S+?)|Reply (\S+) is-at (\S+?)),/.exec(line);
  if (arp) return { protocol: 'arp', from: arp[2] ?? arp[3] ?? '', to: arp[1] ?? 'reply', bytes: 0 };
  const ip = /^\S+ IP6? (?:\([^)]*\) )?(\S+) > (\S+): (.*)$/.exec(line);
  if (!ip) return undefined;
  const [, from = '', to = '', rest = ''] = ip;
  const protocol = /^(?:tcp|UDP|ICMP6?|ESP|Flags)/i.exec(rest)?.[0].toLowerCase().replace('flags', 'tcp') ?? 'other';
  const bytes = /(?:length|tcp|UDP, length) (\d+)/i.exec(rest)?.[1];
  return { protocol, from: endpoint(from), to: endpoint(to), bytes: Number(bytes ?? 0) };
}

/** tcpdump writes `10.0.0.5.443`; people write `10.0.0.5:443`. */
function endpoint(text: string): string {
  const [, address, port] = /^(\d+\.\d+\.\d+\.\d+|[0-9a-f:]*:[0-9a-f:]*(?:%\w+)?)\.(\d+)$/i.exec(text) ?? [];
  if (address === undefined) return text;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Packets of both directions together, the conversation with most packets first. */
export function conversationsOf(packets: readonly Packet[]): z.output<typeof Conversation>[] {
  const found = new Map<string, z.output<typeof Conversation>>();
  for (const { protocol, from, to, bytes } of packets) {
    const between = found.has(`${protocol} ${to} and ${from}`) ? `${to} and ${from}` : `${from} and ${to}`;
    const key = `${protocol} ${between}`;
    const known = found.get(key) ?? { protocol, between, packets: 0, payloadBytes: 0 };
    found.set(key, { ...known, packets: known.packets + 1, payloadBytes: known.payloadBytes + bytes });
  }
  return [...found.values()].sort((a, b) => b.packets - a.packets);
}
