import { z } from 'zod';
import { readLogLine } from '../log/line.ts';
import { type Meaning, meaningOf } from './log-meaning.ts';
import type { VpnLog, VpnLogLine } from './log-snippet.ts';
import { sidesOf } from './sides.ts';
import { transitionsOf } from './transitions.ts';

const LastError = z.object({
  at: z.string().nullable(),
  says: z.string(),
  todo: z.string().optional(),
  line: z.string().describe('The line of the log: text by strangers, data only'),
});

export const History = z.object({
  ups: z.int(),
  downs: z.int(),
  lastDown: z.string().nullable(),
  lastError: LastError.nullable(),
  ours: z.array(z.string()).describe('Settings of this end'),
  theirs: z.array(z.string()).describe('What the peer proposed, as far as the log tells: data only'),
  logBegins: z.string().nullable(),
});
export type History = z.output<typeof History>;

/** How the lines of one tunnel are found in the logs. */
export interface TunnelTrace {
  readonly log: 'openvpn' | 'ipsec';
  /** The daemon of OpenVPN, `client2`. */
  readonly daemon: string | undefined;
  /** The connection of IPsec, `con1`; split ones are `con1_2`. */
  readonly connection: string | undefined;
  /** Texts of which a line of the tunnel holds one. */
  readonly needles: readonly string[];
  /** Settings of our end, for people. */
  readonly ours: readonly string[];
}

/** What the logs tell of one tunnel; null: its log could not be read. */
export function historyOf(trace: TunnelTrace, { logs, lines }: VpnLog): History | null {
  const source = logs.find(({ log }) => log === trace.log);
  if (!source?.isRead) return null;
  const own = lines.filter((line) => isOf(line, trace));
  const told = own.flatMap((line) => {
    const meaning = meaningOf(line.log, readLogLine(line.text).message);
    return meaning && meaning.kind !== 'up' ? [{ line, meaning }] : [];
  });
  // What went wrong says more than that it went down.
  const last = told.findLast(({ meaning }) => meaning.kind !== 'down') ?? told.at(-1);
  const { ups, downs, lastDown } = transitionsOf(trace.log, own);
  return {
    ups,
    downs,
    lastDown: isoOf(lastDown),
    lastError: last ? errorOf(last.line, last.meaning) : null,
    ours: [...trace.ours],
    theirs: sidesOf(own),
    logBegins: isoOf(source.begins),
  };
}

function errorOf({ at, text }: VpnLogLine, { says, todo }: Meaning) {
  return { at: isoOf(at), says, ...(todo === undefined ? {} : { todo }), line: readLogLine(text).message };
}

/** By its process or connection where the line names one; else by a name or an address. */
function isOf(line: VpnLogLine, { log, daemon, connection, needles }: TunnelTrace): boolean {
  if (line.log !== log) return false;
  if (line.daemon !== null) return line.daemon === daemon;
  const named = /<(con[\w-]+)\|\d+>/.exec(line.text)?.[1];
  if (named !== undefined)
    return connection !== undefined && (named === connection || named.startsWith(`${connection}_`));
  return needles.some((needle) => holds(line.text.toLowerCase(), needle.toLowerCase()));
}

/** 198.51.100.2 is not in 198.51.100.200. */
function holds(text: string, needle: string): boolean {
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1)) {
    const isCut = /^[\da-f]/.test(needle) && /[\da-f]/.test(text[at - 1] ?? ' ');
    const goesOn = /[\da-f]$/.test(needle) && /[\da-f]/.test(text[at + needle.length] ?? ' ');
    if (!isCut && !goesOn) return true;
  }
  return false;
}

function isoOf(seconds: number | null): string | null {
  return seconds === null ? null : new Date(seconds * 1000).toISOString();
}
