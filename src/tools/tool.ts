import type { z } from 'zod';
import type { FirewallMemory } from '../alan/memory.ts';
import type { ApprovalDesk } from '../changes/approval.ts';
import type { BackupFolder } from '../changes/backup-folder.ts';
import type { NodePolicy } from '../changes/node.ts';
import type { Complexity, Effect } from '../core/bounds.ts';
import { PfsenseError } from '../core/errors.ts';
import type { FlowToKeep } from '../core/settings.ts';
import type { Box } from '../pfsense/box.ts';
import type { HealthReport } from '../pfsense/health-report.ts';
import type { AuditedChange } from '../policy/audit-chain.ts';
import type { ChangePolicy } from '../policy/change-policy.ts';
import type { ToolsetId } from './toolsets.ts';

/** The driver's state together with what this session has shown. */
export interface DriverHealth extends HealthReport {
  readonly shownUntrustedText: boolean;
}

/** What the tools for changes need besides a firewall. */
export interface ChangeDesk extends ApprovalDesk {
  readonly keep: readonly FlowToKeep[];
  readonly maxPerHour: number;
  readonly policy: ChangePolicy & NodePolicy;
  readonly backups: BackupFolder;
}

/** What came of asking one of several firewalls: each has its own answer, or its own failure. */
export type Look<T> =
  | { readonly firewall: string; readonly value: T }
  | { readonly firewall: string; readonly error: PfsenseError };

/** The configured firewalls, for a call that is about several of them. */
export interface FleetView {
  readonly names: readonly string[];
  /**
   * Asks all of the named ones at once, each under its own guard and policy; never rejects because of one of them.
   * @throws PfsenseError `unknown_firewall`
   */
  look<T>(names: readonly string[], work: (box: Box) => Promise<T>): Promise<Look<T>[]>;
}

/** What a tool may use during one call. */
export interface ToolContext {
  readonly box: Box;
  /** There in a call that uses one of the tool's `fleetArguments`. */
  readonly fleet?: FleetView;
  /** Adds a sentence of ours to the answer: a limit met, something that could not be looked at. */
  note(text: string): void;
  /**
   * Puts on record which change is about to be made, or was made.
   * @throws PfsenseError `internal` when that cannot be written: then nothing must be changed.
   */
  audit(change: AuditedChange): void;
  /** What is remembered of this firewall over time. */
  readonly memory: FirewallMemory;
  /** The driver's own state; needs no firewall. */
  health(): DriverHealth;
  /** Absent where nothing can be planned. */
  readonly desk?: ChangeDesk;
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
  /** The level of permission, where looking is as confidential as doing; else that of the effect. */
  readonly level?: Effect;
  /** `local` tools answer from this process; `firewall` tools run under the guard of one firewall. */
  readonly target: 'firewall' | 'local';
  /** Before the work is queued and its clock runs, as a person may have to be asked. `firewall` is its name. */
  authorize?(args: never, desk: ChangeDesk, firewall: string): Promise<void>;
  /**
   * Arguments that are offered only when several firewalls are configured. A call with one of them is about several: it
   * runs outside of any guard, and `box` as well as `fleet` put each question under the guard of the firewall it goes to.
   */
  readonly fleetArguments?: readonly string[];
  run(args: never, context: ToolContext): Promise<Record<string, unknown>>;
}

interface Declaration<I extends z.ZodObject, O extends z.ZodObject>
  extends Omit<Tool, 'input' | 'output' | 'run' | 'authorize' | 'target'> {
  readonly input: I;
  readonly output: O;
  readonly target?: Tool['target'];
  authorize?(args: z.output<I>, desk: ChangeDesk, firewall: string): Promise<void>;
  run(args: z.output<I>, context: ToolContext): Promise<z.input<O>>;
}

/** Declares a tool; arguments reach `run` parsed by `input`. */
export function defineTool<I extends z.ZodObject, O extends z.ZodObject>(declaration: Declaration<I, O>): Tool {
  return {
    target: 'firewall',
    ...declaration,
    run: async (args, context) =>
      fitting(declaration.output, await declaration.run(declaration.input.parse(args), context)),
  };
}

/** What a firewall said may be of the right shape and still make no sense, such as a number for a year that never is. */
function fitting<O extends z.ZodObject>(output: O, value: unknown): z.output<O> {
  const parsed = output.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new PfsenseError('bad_reply', 'What the firewall said makes no sense as an answer of this tool.', {
    phase: 'reply',
    cause: parsed.error,
  });
}
