import type { z } from 'zod';
import type { ConfigTree } from '../config/model.ts';
import { PfsenseError } from '../core/errors.ts';
import type { ConfigFiles } from './config-files.ts';
import type { Snippet } from './snippet.ts';

/** How an answer was come by, best first. */
export const RUNGS = [
  'warm session',
  'fresh session',
  'php',
  'config file',
  'last known good',
  'offline file',
  'local',
] as const;
export type Rung = (typeof RUNGS)[number];

/** config.xml with its identity. */
export interface ConfigDocument {
  readonly tree: ConfigTree;
  readonly text: string;
  readonly bytes: Buffer;
  /** Of the bytes, in hexadecimal. */
  readonly sha256: string;
}

/** The dead-man's switch, the one that watches over it, and what carries a written change or an action out. */
export type DetachedProgram = 'switch' | 'watch' | 'apply' | 'action';

/** What a change needs of a firewall beyond snippets; only a live one has it. */
export interface LiveAccess {
  /** The whole configuration, secrets included; never to be shown. */
  readDocument(): Promise<ConfigDocument>;
  /** A whole earlier configuration by its number, secrets included; never to be shown. */
  readRevision(revision: string): Promise<ConfigTree>;
  /** Starts programs that lie in the folder of a change, on a channel of their own. */
  startDetached(folder: string, names: readonly DetachedProgram[]): Promise<void>;
  /** Lets go of the connection and logs in anew: what answers then could still be reached. */
  reconnect(): Promise<void>;
  /** `SHA256:…` of the host key. */
  hostKey(): Promise<string>;
}

/** A firewall as a tool sees it during one call. */
export interface Box {
  readonly name: string;
  readonly signal: AbortSignal;
  readonly live?: LiveAccess;
  /** Runs a snippet and returns its parsed reply. */
  call<I extends z.ZodType, O extends z.ZodType>(snippet: Snippet<I, O>, input: z.input<I>): Promise<z.output<O>>;
}

/** @throws PfsenseError `live_only` when there is no firewall behind the box. */
export function liveOf({ live }: Box): LiveAccess {
  if (live) return live;
  throw new PfsenseError('live_only', 'Only a live firewall can be changed.', { phase: 'run' });
}

/** The rung furthest down that took part; an answer is only as good as its worst part. */
export function worstRung(used: Iterable<Rung>): Rung {
  const ranks = [...used].map((rung) => RUNGS.indexOf(rung));
  return RUNGS[Math.max(0, ...ranks)] ?? 'local';
}

/** Checks a reply against the shape that the snippet promises. */
export function parseReply<O extends z.ZodType>(snippet: Snippet<z.ZodType, O>, value: unknown): z.output<O> {
  const parsed = snippet.output.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new PfsenseError('bad_reply', `The reply of snippet ${snippet.id} has an unexpected shape.`, {
    phase: 'reply',
    cause: parsed.error,
  });
}

/** Answers from a configuration alone; what needs the live firewall is refused as `live_only`. */
export function configBox(name: string, config: ConfigTree, signal: AbortSignal): Box {
  return {
    name,
    signal,
    async call(snippet, input) {
      if (!snippet.fromConfig) throw liveOnly(snippet.id);
      return parseReply(snippet, snippet.fromConfig(config, snippet.input.parse(input)));
    },
  };
}

/** Answers from files that take the place of a firewall. */
export function filesBox(name: string, files: ConfigFiles, signal: AbortSignal): Box {
  return {
    name,
    signal,
    async call(snippet, input) {
      const parsed = snippet.input.parse(input);
      if (snippet.fromFiles) return parseReply(snippet, snippet.fromFiles(files, parsed));
      if (snippet.fromConfig) return parseReply(snippet, snippet.fromConfig(files.current.tree(), parsed));
      throw liveOnly(snippet.id);
    },
  };
}

function liveOnly(id: string): PfsenseError {
  return new PfsenseError('live_only', `The configuration alone cannot answer ${id}.`, { phase: 'run' });
}
