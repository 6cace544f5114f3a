import { ERROR_KINDS, type ErrorKind } from './error-kinds.ts';
import { outgoingText, outgoingValue } from './outlet.ts';

export { ERROR_KINDS } from './error-kinds.ts';

/** Longest line of an error's details, in characters. */
const MAX_DETAIL_CHARS = 300;

/** Longest message or hint, in characters. */
const MAX_SENTENCE_CHARS = 2_000;

/** Where in the life of a call something went wrong. */
export type Phase =
  | 'settings'
  | 'input'
  | 'policy'
  | 'queue'
  | 'dns'
  | 'tcp'
  | 'handshake'
  | 'host_key'
  | 'auth'
  | 'channel'
  | 'start'
  | 'run'
  | 'drain'
  | 'reply'
  | 'kill';

/** What the call may have changed on the firewall before it failed. */
export type SideEffect = 'none' | 'unknown' | 'done';

export type ErrorCode = keyof typeof ERROR_KINDS;

/** Is this one of our codes, and not a name that every object has? */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_KINDS, code);
}

export interface ErrorFacts {
  readonly phase: Phase;
  readonly sideEffect?: SideEffect;
  readonly hint?: string;
  readonly retryAfterMs?: number;
  /** Facts that stand apart from the sentence, bounded by whoever throws; may quote the configuration. */
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
}

export type ErrorDetails = Readonly<Record<string, string | number | readonly string[] | null>>;

/** What leaves the process about an error: our own words only; text from the firewall stands in `details` alone. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly phase: Phase;
  readonly retryable: boolean;
  readonly sideEffect: SideEffect;
  readonly hint: string;
  readonly message: string;
  readonly retryAfterMs?: number;
  readonly details?: unknown;
}

/** The one error class; `code` tells its kinds apart. `cause` is for the log and is never shown. */
export class PfsenseError extends Error {
  override readonly name = 'PfsenseError';
  readonly code: ErrorCode;
  readonly facts: ErrorFacts;

  constructor(code: ErrorCode, message: string, facts: ErrorFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.facts = facts;
  }

  get kind(): ErrorKind {
    return ERROR_KINDS[this.code];
  }

  get sideEffect(): SideEffect {
    return this.facts.sideEffect ?? 'none';
  }

  report(): ErrorReport {
    return {
      code: this.code,
      phase: this.facts.phase,
      retryable: this.kind.retryable && this.sideEffect === 'none',
      sideEffect: this.sideEffect,
      hint: outgoingText(this.facts.hint ?? this.kind.hint, MAX_SENTENCE_CHARS),
      message: outgoingText(this.message, MAX_SENTENCE_CHARS),
      ...(this.facts.retryAfterMs === undefined ? {} : { retryAfterMs: this.facts.retryAfterMs }),
      ...(this.facts.details === undefined ? {} : { details: outgoingValue(this.facts.details, MAX_DETAIL_CHARS) }),
    };
  }
}

/** Wraps what nobody foresaw; the original stays as `cause` for the log. */
export function toPfsenseError(error: unknown, phase: Phase): PfsenseError {
  if (error instanceof PfsenseError) return error;
  return new PfsenseError('internal', 'An unexpected error occurred.', { phase, cause: error });
}
