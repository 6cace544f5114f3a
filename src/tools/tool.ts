import type { z } from 'zod';
import type { Complexity, Effect } from '../core/bounds.ts';
import type { Box } from '../pfsense/box.ts';
import type { HealthReport } from '../pfsense/health-report.ts';
import type { ToolsetId } from './toolsets.ts';

/** The driver's state together with what this session has shown. */
export interface DriverHealth extends HealthReport {
  readonly shownUntrustedText: boolean;
}

/** What a tool may use during one call. */
export interface ToolContext {
  readonly box: Box;
  /** Adds a sentence of ours to the answer: a limit met, something that could not be looked at. */
  note(text: string): void;
  /** The driver's own state; needs no firewall. */
  health(): DriverHealth;
}

/** One thing a model can do. It knows neither the protocol nor the wire. */
export interface Tool {
  readonly name: `pf_${string}`;
  readonly title: string;
  /** At most 600 characters: what it is for and when to use it. */
  readonly description: string;
  readonly toolset: ToolsetId;
  /** Decides permission, annotations, queue lane and retry. */
  readonly effect: Effect;
  readonly complexity: Complexity;
  /** Whether answers carry text from outside the administrators' circle (logs, leases, names from the network). */
  readonly isOpenWorld: boolean;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  /** `local` tools answer from this process; `firewall` tools run under the guard of one firewall. */
  readonly target: 'firewall' | 'local';
  run(args: never, context: ToolContext): Promise<Record<string, unknown>>;
}

interface Declaration<I extends z.ZodObject, O extends z.ZodObject>
  extends Omit<Tool, 'input' | 'output' | 'run' | 'target'> {
  readonly input: I;
  readonly output: O;
  readonly target?: Tool['target'];
  run(args: z.output<I>, context: ToolContext): Promise<z.input<O>>;
}

/** Declares a tool; arguments reach `run` parsed by `input`. */
export function defineTool<I extends z.ZodObject, O extends z.ZodObject>(declaration: Declaration<I, O>): Tool {
  return {
    target: 'firewall',
    ...declaration,
    run: async (args, context) =>
      declaration.output.parse(await declaration.run(declaration.input.parse(args), context)),
  };
}
