import { z } from 'zod';

/** One line of a log, taken apart. */
export const LogLine = z.object({
  at: z.string().nullable().describe('ISO time with offset; the year is inferred where the log has none'),
  host: z.string().optional(),
  process: z.string().optional(),
  pid: z.int().optional(),
  message: z.string(),
});
export type LogLine = z.output<typeof LogLine>;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const OLD = /^([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) (\S+) ([^\s[:]+)(?:\[(\d+)\])?: ?(.*)$/s;
const NEW = /^<\d{1,3}>1 (\S+) (\S+) (\S+) (\S+) \S+ (?:-|\[.*?\]) ?(.*)$/s;

export interface LogClock {
  /** The firewall's time now, in seconds since the epoch. */
  readonly now: number;
  readonly utcOffsetSeconds: number;
}

/** Reads a line of either syslog format (RFC 3164 or 5424); what fits neither is all message. */
export function readLogLine(line: string, clock: LogClock): LogLine {
  const recent = NEW.exec(line);
  if (recent) {
    const [, at = '', host = '', process = '', pid = '', message = ''] = recent;
    return { at, host, process, ...pidOf(pid), message };
  }
  const old = OLD.exec(line);
  if (!old) return { at: null, message: line };
  const [, month = '', day, hour, minute, second, host = '', process = '', pid, message = ''] = old;
  const numbers = [MONTHS.indexOf(month), Number(day), Number(hour), Number(minute), Number(second)] as const;
  return { at: inferTime(numbers, clock), host, process, ...pidOf(pid), message };
}

function pidOf(text: string | undefined): { pid?: number } {
  return text && /^\d{1,9}$/.test(text) ? { pid: Number(text) } : {};
}

/** RFC 3164 has no year: it is the latest one that does not put the line into the future. */
function inferTime(
  [month, day, hour, minute, second]: readonly [number, number, number, number, number],
  clock: LogClock,
): string | null {
  if (month < 0) return null;
  const local = new Date((clock.now + clock.utcOffsetSeconds) * 1000);
  const inYear = (year: number): number => Date.UTC(year, month, day, hour, minute, second);
  const year = local.getUTCFullYear();
  const oneDay = 86_400_000;
  const time = inYear(year) > local.getTime() + oneDay ? inYear(year - 1) : inYear(year);
  return new Date(time).toISOString().replace('.000Z', offsetText(clock.utcOffsetSeconds));
}

function offsetText(seconds: number): string {
  const minutes = Math.abs(Math.round(seconds / 60));
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${seconds < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
