import type { z } from 'zod';
import type { ConfigTree } from '../../config/model.ts';
import type { FlowToKeep } from '../../core/settings.ts';
import type { SessionFacts } from '../lockout/session.ts';
import type { BoxFacts } from './facts.ts';
import type { Service } from './services.ts';

/** What an action is weighed by. */
export interface ActionFacts {
  readonly config: ConfigTree;
  readonly session: SessionFacts;
  readonly keep: readonly FlowToKeep[];
  readonly services: readonly Service[];
  readonly box: BoxFacts;
}

/** Which facts of the firewall an action needs besides those of the session. */
export interface Question {
  readonly about: 'states' | 'vpn' | 'package' | 'nothing';
  readonly from?: Network | null;
  readonly to?: Network | null;
  readonly package?: string;
}

export interface Network {
  readonly address: string;
  readonly bits: number;
}

/** An action worked out for a firewall as it is now. */
export interface ActionDraft {
  /** What a person is shown, line by line. */
  readonly text: readonly string[];
  /** Why it could cut the connection to the firewall; with any of these it is refused. */
  readonly dangers: readonly string[];
  /** Program in `php-snippets/_actions`. */
  readonly work: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Whether the connection by which it is ordered is expected to end. */
  readonly cutsSession?: true;
}

/** One thing that can be done with a firewall and is no change of its configuration. */
export interface ActionKind {
  /** `<noun>.<verb>`, as in `system.reboot`. */
  readonly id: string;
  /** Its arguments, in the words of the tool's description. */
  readonly usage: string;
  readonly level: 'service' | 'dangerous';
  readonly input: z.ZodObject;
  /** Arguments that the schema accepts. */
  readonly example: Record<string, unknown>;
  question(args: never): Question;
  /** @throws PfsenseError `not_found`, `bad_input` for what there is nothing to do with. */
  draft(args: never, facts: ActionFacts): ActionDraft;
}

interface Declaration<I extends z.ZodObject> extends Omit<ActionKind, 'input' | 'example' | 'question' | 'draft'> {
  readonly input: I;
  readonly example: z.input<I> & Record<string, unknown>;
  question?(args: z.output<I>): Question;
  draft(args: z.output<I>, facts: ActionFacts): ActionDraft;
}

/** Declares an action; its functions get arguments that its schema has parsed. */
export function defineAction<I extends z.ZodObject>(kind: Declaration<I>): ActionKind {
  return { question: () => ({ about: 'nothing' }), ...kind };
}
