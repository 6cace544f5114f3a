import { MAX_ANSWER_CHARS } from '../core/bounds.ts';
import { PfsenseError } from '../core/errors.ts';
import { outgoingText, outgoingValue } from '../core/outlet.ts';
import type { Rung } from '../pfsense/box.ts';
import { OVERWRITTEN_CHANGE } from '../pfsense/pending-changes.ts';

export interface Envelope extends Record<string, unknown> {
  readonly firewall: string;
  readonly servedBy: Rung;
}

export interface EnvelopeParts {
  readonly firewall: string;
  readonly servedBy: Rung;
  readonly staleMs?: number | undefined;
  /** What is saved on the firewall and not applied yet. */
  readonly pendingChanges?: readonly string[] | undefined;
  readonly notes: readonly string[];
  /** Whether strangers wrote some of it. */
  readonly isUntrusted: boolean;
  readonly output: Record<string, unknown>;
}

/**
 * What leaves the process as an answer, through the one outlet of everything.
 */
export function envelope(parts: EnvelopeParts): Envelope {
  const { firewall, servedBy, staleMs, pendingChanges, notes, isUntrusted, output } = parts;
  const answer = {
    firewall,
    servedBy,
    ...(staleMs === undefined ? {} : { stale: { ageMs: Math.round(staleMs) } }),
    ...(pendingChanges === undefined ? {} : { pendingChanges: pendingChanges.map((name) => outgoingText(name)) }),
    ...(notes.length === 0 ? {} : { notes: notes.map((note) => outgoingText(note)) }),
    ...(isUntrusted ? { untrusted: true } : {}),
    ...Object(outgoingValue(output)),
  };
  const size = JSON.stringify(answer).length;
  if (size <= MAX_ANSWER_CHARS) return answer;
  throw new PfsenseError('reply_too_large', `The answer has ${size} characters; the limit is ${MAX_ANSWER_CHARS}.`, {
    phase: 'reply',
  });
}

/** The same facts as text; that an answer is not live, or not all in effect, stands in its first words. */
export function envelopeText(answer: Envelope): string {
  const json = JSON.stringify(answer);
  const source = SAVED[answer.servedBy];
  if (source !== undefined) return `NOT LIVE: ${ageText(answer['stale'])}, from ${source}. ${json}`;
  const pending = answer['pendingChanges'];
  if (!Array.isArray(pending)) return json;
  const isOurs = (name: unknown): boolean => String(name).startsWith(OVERWRITTEN_CHANGE);
  return [pending.some(isOurs) ? OVERWRITTEN : '', pending.every(isOurs) ? '' : NOT_APPLIED, json]
    .filter(Boolean)
    .join(' ');
}

const OVERWRITTEN = 'A CHANGE WAS OVERWRITTEN by somebody else, see pendingChanges.';

const NOT_APPLIED = 'NOT ALL IN EFFECT: changes saved in the GUI are not applied yet, see pendingChanges.';

/** What answers instead of the firewall itself. */
const SAVED: Partial<Record<Rung, string>> = {
  'last known good': 'the last known configuration',
  'offline file': 'a configuration file',
};

function ageText(stale: unknown): string {
  const ms = typeof stale === 'object' && stale !== null && 'ageMs' in stale ? Number(stale.ageMs) : undefined;
  if (ms === undefined) return 'age unknown';
  const seconds = Math.round(ms / 1000);
  if (seconds < 7_200) return `${seconds} s old`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} hours old` : `${Math.round(seconds / 86_400)} days old`;
}
