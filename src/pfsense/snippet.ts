import type { z } from 'zod';
import type { ConfigTree } from '../config/model.ts';
import type { Complexity, Effect } from '../core/bounds.ts';

/** One vetted PHP snippet seen from TypeScript: what it takes and what it must answer. */
export interface Snippet<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  /** `<noun>/<verb>`, the path below php-snippets/ without `.php`. */
  readonly id: string;
  readonly effect: Effect;
  readonly complexity: Complexity;
  readonly input: I;
  /** The reply is parsed by this, so a broken or hostile box cannot lie about its shape. */
  readonly output: O;
  /**
   * The same answer from the configuration alone. Given only where the configuration says it all,
   * never for live status (a stale status is worse than none).
   */
  readonly fromConfig?: (config: ConfigTree, input: z.output<I>) => z.output<O>;
}

/** Declares a snippet; the identity function keeps its types. */
export function defineSnippet<I extends z.ZodType, O extends z.ZodType>(snippet: Snippet<I, O>): Snippet<I, O> {
  return snippet;
}
