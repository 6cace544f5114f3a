import { candidateOf } from '../../../src/changes/candidate.ts';
import { KINDS } from '../../../src/changes/kinds/index.ts';
import type { ConfigTree } from '../../../src/config/model.ts';
import { PfsenseError } from '../../../src/core/errors.ts';
import { OCCASION } from './sample.ts';

export interface Step {
  readonly kind: string;
  readonly args: Record<string, unknown>;
}

/** The configuration with one more change; undefined when that is refused, and so changes nothing. */
export function applied(config: ConfigTree, step: Step): ConfigTree | undefined {
  try {
    return candidateOf(config, [step], KINDS, OCCASION).config;
  } catch (error) {
    // Anything else is a defect.
    if (error instanceof PfsenseError && error.code !== 'internal') return undefined;
    throw error;
  }
}
