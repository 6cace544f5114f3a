import { destination, type Logger, pino } from 'pino';
import { redactText } from './redact.ts';

export type { Logger } from 'pino';

/**
 * The program's logger. It writes to stderr only, as stdout belongs to the protocol,
 * and every line passes the redaction of secrets.
 */
export function createLogger(level = process.env['PFSENSE_LOG_LEVEL'] ?? 'warn'): Logger {
  const stderr = destination({ fd: 2, sync: true });
  const redacting = { write: (line: string) => void stderr.write(redactText(line)) };
  return pino({ level, base: null }, redacting);
}
