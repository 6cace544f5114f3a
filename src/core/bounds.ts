/** How heavy a call is for the firewall; decides its deadline. */
export const COMPLEXITIES = ['simple', 'interface', 'firewall', 'config', 'dangerous'] as const;
export type Complexity = (typeof COMPLEXITIES)[number];

/** What a call does to the firewall; decides permission, queue lane and retry. */
export const EFFECTS = ['read', 'service', 'config', 'dangerous'] as const;
export type Effect = (typeof EFFECTS)[number];

/** Longest time a call of each class may take, in milliseconds, everything included. */
export const CLASS_DEADLINE_MS: Readonly<Record<Complexity, number>> = {
  simple: 5_000,
  interface: 10_000,
  firewall: 15_000,
  config: 60_000,
  dangerous: 120_000,
};

/**
 * Learned time-outs of reads never fall below this, in milliseconds. The firewall has less of it: its alarm knows whole
 * seconds only, and a part of the time is for the way back. So of 3 s a snippet has 2.
 */
export const CLASS_FLOOR_MS: Readonly<Record<Complexity, number>> = {
  simple: 2_000,
  interface: 3_000,
  firewall: 4_000,
  config: 10_000,
  dangerous: 120_000,
};

/** An answer may come this much after its deadline at the latest, in milliseconds. */
export const DEADLINE_GRACE_MS = 500;

/** Largest reply frame read from the firewall, in bytes. */
export const MAX_REPLY_BYTES = 16 * 1024 * 1024;

/** Largest request frame sent to the firewall, in bytes. */
export const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

/** Output outside frames is kept for diagnosis up to this many bytes. */
export const MAX_STRAY_BYTES = 16 * 1024;

/** Longest single text field of the firewall that is shown, in characters. */
export const MAX_FIELD_CHARS = 500;

/** Largest answer of a tool, in characters of compact JSON. */
export const MAX_ANSWER_CHARS = 40_000;
