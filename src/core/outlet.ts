import { redactText, redactValue } from './redact.ts';
import { cleanText } from './untrusted.ts';

/** Names of fields come from the firewall as well, in characters. */
const MAX_NAME_CHARS = 100;

/**
 * Text that may leave the process: without secrets, and harmless to show. Everything that goes out (answers, errors,
 * log lines, the audit log, the metrics database) passes here or through `outgoingValue`.
 */
export function outgoingText(text: string, maxChars?: number): string {
  // Invisible characters could split a secret, so they go first; what is cut has been looked at whole.
  return cleanText(redactText(cleanText(text, Number.POSITIVE_INFINITY)), maxChars);
}

/** The same for every string and every name in a JSON value. */
export function outgoingValue(value: unknown, maxChars?: number): unknown {
  return cleaned(redactValue(cleaned(value, Number.POSITIVE_INFINITY)), maxChars);
}

function cleaned(value: unknown, maxChars: number | undefined): unknown {
  if (typeof value === 'string') return cleanText(value, maxChars);
  if (Array.isArray(value)) return value.map((item) => cleaned(item, maxChars));
  if (typeof value !== 'object' || value === null) return value;
  // Cut only once they have been looked at whole.
  const most = maxChars === Number.POSITIVE_INFINITY ? maxChars : MAX_NAME_CHARS;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [cleanText(key, most), cleaned(item, maxChars)]),
  );
}
