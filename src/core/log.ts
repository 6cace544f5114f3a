import { destination, type Logger, pino } from 'pino';
import { outgoingText } from './outlet.ts';

export type { Logger } from 'pino';

const MAX_LINE_CHARS = 8_000;

/**
 * The program's logger. It writes to stderr only, as stdout belongs to the protocol,
 * and every line passes the outlet, so that it holds no secrets and nothing that a terminal obeys.
 */
export function createLogger(level = process.env['PFSENSE_LOG_LEVEL'] ?? 'warn'): Logger {
  const stderr = destination({ fd: 2, sync: true });
  const redacting = { write: (line: string) => void stderr.write(`${outgoingText(line.trimEnd(), MAX_LINE_CHARS)}\n`) };
  return pino({ level, base: null }, redacting);
}
