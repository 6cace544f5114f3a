import { z } from 'zod';

export const Flow = z.object({
  interface: z.string(),
  protocol: z.string(),
  from: z.string(),
  to: z.string(),
  sentBytes: z.int(),
  receivedBytes: z.int(),
});
export type Flow = z.output<typeof Flow>;

export const Talker = z.object({
  host: z.string(),
  sentBitsPerSecond: z.int(),
  receivedBitsPerSecond: z.int(),
  connections: z.int(),
  busiest: z.string().describe('Its largest flow'),
});
export type Talker = z.output<typeof Talker>;

/** Hosts that opened connections, by what these moved during the sample. */
export function talkersOf(flows: readonly Flow[], seconds: number): Talker[] {
  const byHost = new Map<string, Flow[]>();
  for (const flow of flows) {
    const host = hostOf(flow.from);
    byHost.set(host, [...(byHost.get(host) ?? []), flow]);
  }
  const rate = (bytes: number): number => (seconds > 0 ? Math.round((bytes * 8) / seconds) : 0);
  const rows = [...byHost].map(([host, mine]) => {
    const [first] = [...mine].sort((a, b) => bytesOf(b) - bytesOf(a));
    return {
      host,
      sentBitsPerSecond: rate(mine.reduce((sum, { sentBytes }) => sum + sentBytes, 0)),
      receivedBitsPerSecond: rate(mine.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0)),
      connections: mine.length,
      busiest: first ? `${first.protocol} to ${first.to} on ${first.interface}` : '',
    };
  });
  const total = (row: Talker): number => row.sentBitsPerSecond + row.receivedBitsPerSecond;
  return rows.sort((a, b) => total(b) - total(a));
}

function bytesOf({ sentBytes, receivedBytes }: Flow): number {
  return sentBytes + receivedBytes;
}

/** pf writes `10.0.0.5:443` and `2001:db8::5[443]`. */
export function hostOf(endpoint: string): string {
  return endpoint.includes('[') ? endpoint.replace(/\[\d+\]$/, '') : endpoint.replace(/:\d+$/, '');
}
