import { z } from 'zod';

/** One line of a log, taken apart. */
export const LogLine = z.object({
  at: z.string().nullable().describe('ISO time with offset; the year is inferred where the log has none'),
  log: z.string().optional(),
  process: z.string().optional(),
  pid: z.int().optional(),
  host: z.string().optional(),
  message: z.string(),
});
export type LogLine = z.output<typeof LogLine>;

const OLD = /^[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d (\S+) ([^\s[:]+)(?:\[(\d+)\])?: ?(.*)$/s;
const NEW = /^<\d{1,3}>1 \S+ (\S+) (\S+) (\S+) \S+ (?:-|\[.*?\]) ?(.*)$/s;

/** Takes a line of either syslog format (RFC 3164 or 5424) apart, but for its time; what fits neither is all message. */
export function readLogLine(line: string): Omit<LogLine, 'at'> {
  const match = NEW.exec(line) ?? OLD.exec(line);
  if (!match) return { message: line };
  const [, host = '', process = '', pid = '', message = ''] = match;
  return { process, ...(/^\d{1,9}$/.test(pid) ? { pid: Number(pid) } : {}), host, message };
}
