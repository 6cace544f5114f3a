import type { z } from 'zod';
import type { ConfigTree } from '../config/model.ts';
import { PfsenseError, type Phase } from '../core/errors.ts';
import type { SnippetProgram, SnippetReply } from '../ssh/php-session.ts';
import { type Box, type LiveAccess, parseReply, type Rung } from './box.ts';
import type { Catalogue } from './catalogue.ts';
import { type ConfigCache, isUnchanged } from './config-cache.ts';
import { pendingName } from './pending-changes.ts';
import type { Sessions } from './sessions.ts';
import type { Snippet } from './snippet.ts';

/** Time kept back from the firewall's share of a deadline, for the way back and the clean-up, in milliseconds. */
const RETURN_MS = 250;

/** A write may work this long on the firewall, whoever waits for it and however long, in milliseconds. */
const WRITE_MS = 300_000;

/** The deadline a call runs under, as the guard gives it. */
export interface CallDeadline {
  readonly signal: AbortSignal;
  phase: Phase;
  /** A word for the record. */
  remark: string | undefined;
  remainingMs(): number;
}

export interface LiveParts {
  readonly name: string;
  readonly sessions: Sessions;
  readonly catalogue: Catalogue;
  readonly configCache: ConfigCache;
  /** Reads the whole configuration without PHP; the rung below the last PHP. */
  readonly readConfig: (deadline: CallDeadline) => Promise<ConfigTree>;
  readonly live: (deadline: CallDeadline) => LiveAccess;
}

/** A box that answers from the live firewall, walking down the ladder while it has to; notes the rungs it used. */
export class LiveBox implements Box {
  readonly name: string;
  readonly signal: AbortSignal;
  readonly used = new Set<Rung>();
  readonly warnings: string[] = [];
  #pending: readonly string[] = [];
  readonly #parts: LiveParts;
  readonly #deadline: CallDeadline;

  constructor(parts: LiveParts, deadline: CallDeadline) {
    this.name = parts.name;
    this.signal = deadline.signal;
    this.#parts = parts;
    this.#deadline = deadline;
  }

  /** Names of what is saved on the firewall and not applied yet, as its last reply said. */
  get pendingChanges(): readonly string[] {
    return this.#pending.map(pendingName);
  }

  get live(): LiveAccess {
    return this.#parts.live(this.#deadline);
  }

  async call<I extends z.ZodType, O extends z.ZodType>(
    snippet: Snippet<I, O>,
    input: z.input<I>,
  ): Promise<z.output<O>> {
    const program = this.#parts.catalogue.program(snippet.id);
    const parsed = snippet.input.parse(input);
    if (snippet.effect !== 'read') return parseReply(snippet, await this.#write(program, parsed));
    try {
      const cache = snippet.revisioned ? this.#parts.configCache : undefined;
      const known = cache?.find(snippet.id, parsed);
      const request = known ? Object.assign({ known: known.stamp }, parsed) : parsed;
      const reply = await this.#run(program, request);
      this.warnings.push(...reply.warnings);
      this.#pending = reply.pending ?? [];
      if (known && isUnchanged(reply.value)) return parseReply(snippet, known.value);
      const value = parseReply(snippet, reply.value);
      cache?.keep(snippet.id, parsed, reply.value);
      return value;
    } catch (error) {
      if (!snippet.fromConfig || !isWithoutPhp(error)) throw error;
      const config = await this.#parts.readConfig(this.#deadline);
      this.used.add('config file');
      return parseReply(snippet, snippet.fromConfig(config, parsed));
    }
  }

  /** In a process of its own that nobody ends: what was begun comes to its end, or to that of the firewall. */
  async #write(program: SnippetProgram, input: unknown): Promise<unknown> {
    const deadline = this.#deadline;
    const session = await this.#parts.sessions.forWrite(deadline);
    deadline.phase = 'run';
    try {
      const reply = await session.call(program, input, { deadlineMs: WRITE_MS, signal: deadline.signal });
      this.warnings.push(...reply.warnings);
      this.used.add('fresh session');
      return reply.value;
    } finally {
      if (session.isOpen) void session.close();
    }
  }

  async #run(program: SnippetProgram, input: unknown): Promise<SnippetReply> {
    const first = await this.#attempt(program, input);
    if ('reply' in first) return first.reply;
    if (!first.wasWarm || !isSessionLoss(first.error)) throw first.error;
    const second = await this.#attempt(program, input);
    if ('reply' in second) return second.reply;
    throw second.error;
  }

  async #attempt(program: SnippetProgram, input: unknown): Promise<Outcome> {
    const deadline = this.#deadline;
    const lease = await this.#parts.sessions.lease(deadline);
    deadline.phase = 'run';
    try {
      const deadlineMs = Math.max(1, deadline.remainingMs() - Math.min(RETURN_MS, deadline.remainingMs() / 10));
      const reply = await lease.session.call(program, input, { deadlineMs, signal: deadline.signal });
      this.used.add(lease.rung);
      return { reply };
    } catch (error) {
      return { error, wasWarm: lease.isWarm };
    } finally {
      this.#parts.sessions.release(lease);
    }
  }
}

type Outcome = { readonly reply: SnippetReply } | { readonly error: unknown; readonly wasWarm: boolean };

/** A warm session may have ended by itself between two calls; a fresh one then answers the same read. */
function isSessionLoss(error: unknown): boolean {
  return error instanceof PfsenseError && (error.code === 'connection_lost' || error.code === 'bad_reply');
}

function isWithoutPhp(error: unknown): boolean {
  return error instanceof PfsenseError && error.code === 'php_unavailable';
}
