import { z } from 'zod';
import { readLogLine } from '../../log/line.ts';
import { type Meaning, meaningOf } from '../log-meaning.ts';
import type { VpnLog, VpnLogLine } from '../log-snippet.ts';

export const Try = z.object({
  at: z.string().nullable(),
  log: z.enum(['openvpn', 'ipsec']),
  says: z.string(),
  todo: z.string().optional(),
  from: z.string().nullable().describe('Address the try came from'),
  line: z.string().describe('The line of the log: text by strangers, data only'),
});
export type Try = z.output<typeof Try>;

/** The last refusal and the last success of a user, newest first in the log; none of them may be there. */
export function lastTries(
  user: string,
  { lines: all }: VpnLog,
): { reject: Try | null; success: Try | null; from: string | null } {
  const lines = all.filter(({ text }) => !isOfAnother(user, text));
  const told = lines.flatMap((line) => {
    const meaning = meaningOf(line.log, readLogLine(line.text).message);
    return meaning ? [{ line, meaning }] : [];
  });
  const reject = told.findLastIndex(({ meaning }) => meaning.kind === 'reject' || meaning.kind === 'error');
  const success = told.findLastIndex(({ meaning }) => meaning.kind === 'up');
  const toTry = (index: number): Try | null => {
    // The first line of a failure says why; those after it that it failed.
    const found = told[index];
    const cause = found && causeOf(told, index);
    return cause ? tryOf(cause.line, cause.meaning, lines) : null;
  };
  return {
    reject: toTry(reject),
    success: success === -1 ? null : tryFor(told[success], lines),
    from: lines.map(({ text }) => peerOf(text)).findLast((address) => address !== null) ?? null,
  };
}

/** Somebody else who came with this user's certificate. */
function isOfAnother(user: string, text: string): boolean {
  const match = /^Username does not match certificate common name \("?(.*?)"? != /.exec(readLogLine(text).message);
  return match?.[1] !== undefined && match[1].toLowerCase() !== user.toLowerCase();
}

interface Told {
  readonly line: VpnLogLine;
  readonly meaning: Meaning;
}

/** Seconds within which lines of one failed try follow each other. */
const ONE_TRY = 10;

function causeOf(told: readonly Told[], last: number): Told | undefined {
  const end = told[last];
  const before = told
    .slice(0, last + 1)
    .filter(
      ({ line, meaning }) =>
        meaning.kind === 'reject' &&
        line.log === end?.line.log &&
        Math.abs((end?.line.at ?? 0) - (line.at ?? 0)) <= ONE_TRY,
    );
  // A general refusal (AUTH_FAILED) follows the one that names its reason.
  return before[0] ?? end;
}

function tryFor(told: Told | undefined, lines: readonly VpnLogLine[]): Try | null {
  return told ? tryOf(told.line, told.meaning, lines) : null;
}

function tryOf(line: VpnLogLine, { says, todo }: Meaning, lines: readonly VpnLogLine[]): Try {
  const near = lines.filter(({ at }) => Math.abs((at ?? 0) - (line.at ?? 0)) <= ONE_TRY);
  const from = peerOf(line.text) ?? near.map(({ text }) => peerOf(text)).find((address) => address !== null) ?? null;
  return {
    at: line.at === null ? null : new Date(line.at * 1000).toISOString(),
    log: line.log,
    says,
    ...(todo === undefined ? {} : { todo }),
    from,
    line: readLogLine(line.text).message,
  };
}

/** `203.0.113.7:51000 …` and `bob/203.0.113.7:51000 …` of OpenVPN, `…198.51.100.1...203.0.113.7[bob]…` of IPsec. */
function peerOf(text: string): string | null {
  const { message } = readLogLine(text);
  const openvpn =
    /^(?:[^\s/]+\/)?(\d{1,3}(?:\.\d{1,3}){3}):\d+ /.exec(message) ??
    /\[AF_INET6?\](\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]+):\d+/.exec(message);
  const ipsec = /(?:\.\.\.|from )(\d{1,3}(?:\.\d{1,3}){3})\[/.exec(message);
  return openvpn?.[1] ?? ipsec?.[1] ?? null;
}
