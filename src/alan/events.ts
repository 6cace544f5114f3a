import type { Complexity } from '../core/bounds.ts';

/** One finished call as A.L.A.N. keeps it. */
export interface CallRecord {
  readonly tool: string;
  readonly firewall: string;
  readonly complexity: Complexity;
  readonly durationMs: number;
  readonly success: boolean;
  readonly errorType: string | undefined;
  readonly isCensored: boolean;
  /** The rung of the ladder that served it, when one did. */
  readonly rung: string | undefined;
  /** Redacted arguments. */
  readonly preview: string;
  /** Wall-clock time in milliseconds since the epoch. */
  readonly at: number;
}

/** One health probe. */
export interface HealthSample {
  readonly firewall: string;
  readonly ok: boolean;
  readonly durationMs: number;
  readonly at: number;
}
