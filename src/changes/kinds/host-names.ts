const LABEL = '(?:[a-z0-9_]|[a-z0-9_][a-z0-9_-]*[a-z0-9_])';
const DOMAIN = new RegExp(`^(?:${LABEL}\\.)*(?:[a-z0-9_]|[a-z0-9_][a-z0-9_-]*[a-z0-9_.])$`, 'i');
const PLAIN = new RegExp(`^${LABEL}$`, 'i');

/** What pfSense takes for a domain; a dot may end it. */
export function isDomainName(text: string): boolean {
  return DOMAIN.test(text);
}

/** What pfSense takes for the name of a host, with its domain or without. */
export function isHostName(text: string): boolean {
  return isDomainName(text) && !/^[^.]*\.$/.test(text);
}

/** The name of a host without its domain. */
export function isPlainHostName(text: string): boolean {
  return PLAIN.test(text);
}
