import { z } from 'zod';

export const Ping = z.object({
  sent: z.int(),
  received: z.int(),
  lossPercent: z.number(),
  averageMs: z.number().nullable(),
  minimumMs: z.number().nullable(),
  maximumMs: z.number().nullable(),
});

/** The summary that ping ends with; undefined when it never came so far (unknown host, no route). */
export function readPing(text: string): z.output<typeof Ping> | undefined {
  const counts = /(\d+) packets transmitted, (\d+) packets received.*?([\d.]+)% packet loss/.exec(text);
  if (!counts) return undefined;
  const times = /min\/avg\/max(?:\/std-?dev)? = ([\d.]+)\/([\d.]+)\/([\d.]+)/.exec(text);
  const ms = (index: number): number | null => (times?.[index] === undefined ? null : Number(times[index]));
  return {
    sent: Number(counts[1]),
    received: Number(counts[2]),
    lossPercent: Number(counts[3]),
    averageMs: ms(2),
    minimumMs: ms(1),
    maximumMs: ms(3),
  };
}

export const Hop = z.object({
  hop: z.int(),
  address: z.string().nullable().describe('null: no answer'),
  ms: z.number().nullable(),
});

export function readTraceroute(text: string): z.output<typeof Hop>[] {
  return [...text.matchAll(/^\s*(\d+)\s+(\*|\S+)(?:\s+([\d.]+) ms)?/gm)].map(([, hop, address = '*', ms]) => ({
    hop: Number(hop),
    address: address === '*' ? null : address,
    ms: ms === undefined ? null : Number(ms),
  }));
}

export const Lookup = z.object({
  status: z.string().nullable().describe('NOERROR, NXDOMAIN, SERVFAIL …; null: no answer came'),
  answers: z.array(z.object({ name: z.string(), ttl: z.int(), type: z.string(), value: z.string() })),
  server: z.string().nullable(),
  ms: z.int().nullable(),
});

/** What drill prints: header, sections, and who answered how fast. */
export function readDrill(text: string): z.output<typeof Lookup> {
  const section = /;; ANSWER SECTION:\n([\s\S]*?)(?:\n\s*\n|\n;;|$)/.exec(text)?.[1] ?? '';
  const answers = [...section.matchAll(/^([^;\s]\S*)\s+(\d+)\s+IN\s+(\S+)\s+(.+)$/gm)];
  return {
    status: /rcode: ([A-Z]+)/.exec(text)?.[1] ?? null,
    answers: answers.map(([, name = '', ttl, type = '', value = '']) => ({ name, ttl: Number(ttl), type, value })),
    server: /^;; SERVER: (\S+)/m.exec(text)?.[1] ?? null,
    ms: numberOf(/^;; Query time: (\d+) msec/m.exec(text)?.[1]),
  };
}

/** One line of a table: values by name. */
export type Row = Record<string, string | number | null>;

export function readArp(text: string): Row[] {
  return [
    ...text.matchAll(/^\S+ \((\S+)\) at (\S+) on (\S+) ?(?:expires in (\d+) seconds|(permanent|expired))?/gm),
  ].map(([, address = '', mac = '', device = '', seconds, word]) => ({
    address,
    mac: mac === '(incomplete)' ? null : mac,
    device,
    expiresSeconds: numberOf(seconds),
    state: mac === '(incomplete)' ? 'incomplete' : (word ?? 'reachable'),
  }));
}

export function readNdp(text: string): Row[] {
  return [...text.matchAll(/^([0-9a-f]\S*)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S)/gim)].map(
    ([, address = '', mac = '', device = '', expires = '', state = '']) => ({ address, mac, device, expires, state }),
  );
}

export function readSockets(text: string): Row[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((cells) => cells.length >= 7 && cells[0] !== 'USER')
    .map(([user = '', program = '', pid, , protocol = '', local = '']) => ({
      program,
      user,
      pid: numberOf(pid),
      protocol,
      local,
    }));
}

/** Counters of `pfctl -si` (total, and per second) and the limits of `pfctl -sm`. */
export function readPfInfo(info: string, limits: string): Row[] {
  const counters = [...info.matchAll(/^ {2}([a-z][a-z -]*?)\s{2,}(\d+)(?:\s+([\d.]+)\/s)?\s*$/gm)].map(
    ([, name = '', total, rate]) => ({
      name,
      total: Number(total),
      perSecond: rate === undefined ? null : Number(rate),
    }),
  );
  const hard = [...limits.matchAll(/^(\S+)\s+hard limit\s+(\d+)/gm)].map(([, name = '', total]) => ({
    name: `limit of ${name}`,
    total: Number(total),
    perSecond: null,
  }));
  return [...counters, ...hard];
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : null;
}
