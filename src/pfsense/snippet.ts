import type { z } from 'zod';
import type { ConfigTree } from '../config/model.ts';
import type { Complexity, Effect } from '../core/bounds.ts';
import type { ConfigFiles } from './config-files.ts';

/** One vetted PHP snippet seen from TypeScript: what it takes and what it must answer. */
export interface Snippet<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  /** `<noun>/<verb>`, the path below php-snippets/ without `.php`. */
  readonly id: string;
  readonly effect: Effect;
  readonly complexity: Complexity;
  readonly input: I;
  /**
   * The answer depends on files alone and carries their `stamp`. The driver sends the stamp of the answer that it
   * keeps as `known`, and the firewall may then say `unchanged` instead of answering again. Never for live status.
   */
  readonly revisioned?: true;
  /** The reply is parsed by this, so a broken or hostile box cannot lie about its shape. */
  readonly output: O;
  /**
   * The same answer from the configuration alone. Given only where the configuration says it all,
   * never for live status (a stale status is worse than none).
   */
  readonly fromConfig?: (config: ConfigTree, input: z.output<I>) => z.output<O>;
  /**
   * What files alone can say when there is no firewall behind them: facts of the configuration with every live part
   * null, or its history. Never used in place of a firewall that does not answer.
   */
  readonly fromFiles?: (files: ConfigFiles, input: z.output<I>) => z.output<O>;
}

/** Declares a snippet; the identity function keeps its types. */
export function defineSnippet<I extends z.ZodType, O extends z.ZodType>(snippet: Snippet<I, O>): Snippet<I, O> {
  return snippet;
}
