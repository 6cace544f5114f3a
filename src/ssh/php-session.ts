import { randomBytes } from 'node:crypto';
import { raceAbort } from '../core/abort.ts';
import { MAX_REQUEST_BYTES } from '../core/bounds.ts';
import { monotonicMs } from '../core/clock.ts';
import { ERROR_KINDS, type ErrorCode, PfsenseError } from '../core/errors.ts';
import type { ChannelExit, SshChannel } from './channel.ts';
import { commandLine, SESSION_SECONDS } from './commands.ts';
import type { Lane, SshConnection } from './connection.ts';
import { lost } from './failures.ts';
import { encodeRequest, FrameDecoder } from './frames.ts';
import { type Hello, HelloFrame, ReplyFrame } from './hello.ts';
import { runCommand } from './run.ts';
import { runnerLine } from './runner-line.ts';

export type { Hello } from './hello.ts';

/** A vetted snippet as it travels: once by source, then by hash. */
export interface SnippetProgram {
  readonly id: string;
  readonly sha256: string;
  readonly source: string;
}

export interface SnippetReply {
  readonly value: unknown;
  /** Remarks of the snippet and of PHP; hostile text. */
  readonly warnings: readonly string[];
  /** Time on the firewall, in milliseconds. */
  readonly remoteMs: number;
}

export interface SessionOptions {
  /** Source of php-snippets/_runner.php. */
  readonly runner: string;
  readonly via: 'pfSsh' | 'php';
  readonly lane: Lane;
  readonly signal: AbortSignal;
}

/** Reads are given to a session up to this age; the firewall ends it at 600 s. */
const RECYCLE_MS = 300_000;
const RECYCLE_CALLS = 5_000;

/** Time that must be left before the firewall ends the session when a call starts, in milliseconds. */
const MARGIN_MS = 10_000;

/** The remote kill and a polite close may take this long, in milliseconds. */
const KILL_MS = 5_000;
const CLOSE_MS = 1_000;

/**
 * Starts PHP on the firewall and waits until it announces itself.
 * @throws PfsenseError `php_unavailable`, `not_root`, `shell_unusable`, or the signal's reason.
 */
export async function startPhpSession(connection: SshConnection, options: SessionOptions): Promise<PhpSession> {
  const nonce = randomBytes(12).toString('hex');
  const channel = await connection.exec(commandLine(options.via, connection.target.privilege), options);
  const stream = new ReplyStream(channel, nonce);
  const line = runnerLine(options.runner, nonce);
  channel.write(options.via === 'pfSsh' ? `${line}\nexec\n` : `${line}\n`);
  try {
    const json = await raceAbort(stream.next(), options.signal);
    const { hello } = HelloFrame.parse(JSON.parse(json));
    if (hello.uid !== 0) throw notRoot(connection);
    return new PhpSession(connection, channel, stream, hello);
  } catch (error) {
    void endRemote(connection, stream.group, channel);
    if (stream.ended) throw await startFailure(stream.ended, connection, options.via);
    throw error;
  }
}

/** A PHP process on the firewall that answers one call at a time. */
export class PhpSession {
  readonly hello: Hello;
  readonly startedAtMs = monotonicMs();
  readonly #connection: SshConnection;
  readonly #channel: SshChannel;
  readonly #stream: ReplyStream;
  readonly #sent = new Set<string>();
  #calls = 0;
  #isOpen = true;

  constructor(connection: SshConnection, channel: SshChannel, stream: ReplyStream, hello: Hello) {
    this.#connection = connection;
    this.#channel = channel;
    this.#stream = stream;
    this.hello = hello;
  }

  get calls(): number {
    return this.#calls;
  }

  get isOpen(): boolean {
    return this.#isOpen && !this.#stream.ended && this.#connection.isOpen;
  }

  /** Output outside of frames, bounded; hostile text for the log. */
  get stray(): string {
    return this.#stream.stray;
  }

  /** May a call of this deadline still start here? */
  isFresh(nowMs: number, callDeadlineMs: number): boolean {
    const age = nowMs - this.startedAtMs;
    const outlives = age + callDeadlineMs + MARGIN_MS > SESSION_SECONDS * 1000;
    return age < RECYCLE_MS && this.#calls < RECYCLE_CALLS && !outlives;
  }

  /**
   * Runs one snippet. When the signal aborts the remote process is killed without waiting for it, and the
   * session is over. Writes past their first side effect must not be run here.
   */
  async call(
    program: SnippetProgram,
    input: unknown,
    options: { readonly deadlineMs: number; readonly signal: AbortSignal },
  ): Promise<SnippetReply> {
    options.signal.throwIfAborted();
    if (!this.isOpen) throw lost('The PHP session has ended.', 'run');
    this.#calls += 1;
    const id = this.#calls;
    this.#channel.write(this.#request(id, program, input, options.deadlineMs));
    try {
      const json = await raceAbort(this.#stream.next(), options.signal);
      return this.#read(json, id, program.id);
    } catch (error) {
      if (!isAnswered(error)) void this.kill();
      throw error;
    }
  }

  /** Ends the session politely: PHP leaves its loop when stdin ends. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#channel.end();
    const late = setTimeout(() => this.#channel.destroy(), CLOSE_MS);
    await this.#channel.exit;
    clearTimeout(late);
    this.#channel.destroy();
  }

  /** Ends the remote processes through the channel that is kept for this, and gives the session up. */
  async kill(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await endRemote(this.#connection, this.hello.pgid || this.#stream.group, this.#channel);
  }

  #request(id: number, program: SnippetProgram, input: unknown, deadlineMs: number): Buffer {
    const { sha256, source } = program;
    const isKnown = this.#sent.has(sha256);
    const request = encodeRequest({
      id,
      snippet: program.id,
      sha256,
      ...(isKnown ? {} : { source }),
      input,
      deadlineMs: Math.floor(deadlineMs),
    });
    if (request.length > MAX_REQUEST_BYTES) {
      throw new PfsenseError('bad_input', 'The arguments of the call are too large.', { phase: 'input' });
    }
    this.#sent.add(sha256);
    return request;
  }

  #read(json: string, id: number, snippet: string): SnippetReply {
    const reply = parseReply(json);
    if (reply.ok) {
      if (reply.id !== id) throw badReply('answers another call');
      return { value: reply.value, warnings: reply.warnings, remoteMs: reply.ms };
    }
    if (reply.final) this.#isOpen = false;
    throw this.#failure(reply, snippet);
  }

  #failure(reply: Extract<ReplyFrame, { ok: false }>, snippet: string): PfsenseError {
    const { code, message, detail } = reply.error;
    if (code === 'recycle') {
      void this.close();
      return lost('The code on the firewall changed, so the session was ended.', 'run');
    }
    const known: ErrorCode = code in ERROR_KINDS ? (code as ErrorCode) : 'snippet_failed';
    const isOurs = known !== 'snippet_failed';
    return new AnsweredError(known, isOurs ? message : `Snippet ${snippet} failed on the firewall.`, {
      phase: 'run',
      cause: detail,
    });
  }
}

/** The firewall answered, so the session lives although the call failed. */
class AnsweredError extends PfsenseError {}

function isAnswered(error: unknown): boolean {
  return error instanceof AnsweredError;
}

function parseReply(json: string): ReplyFrame {
  try {
    return ReplyFrame.parse(JSON.parse(json));
  } catch (cause) {
    throw new PfsenseError('bad_reply', 'The answer of the firewall is not a reply.', { phase: 'reply', cause });
  }
}

function badReply(what: string): PfsenseError {
  return new PfsenseError('bad_reply', `The reply ${what}.`, { phase: 'reply' });
}

function notRoot({ target }: SshConnection): PfsenseError {
  const message = `User ${target.user} is not root on ${target.firewall}.`;
  return new PfsenseError('not_root', message, { phase: 'start' });
}

async function startFailure(exit: ChannelExit, connection: SshConnection, via: string): Promise<PfsenseError> {
  if (exit.isLost) return lost('The connection ended while PHP started.', 'start');
  if (connection.target.privilege === 'sudo' && exit.code === 1) return notRoot(connection);
  const program = via === 'pfSsh' ? 'pfSsh.php' : 'php';
  return new PfsenseError('php_unavailable', `${program} did not start (exit status ${exit.code ?? 'unknown'}).`, {
    phase: 'start',
  });
}

/** Never throws: what cannot be killed from here ends by its own time limit on the firewall. */
async function endRemote(connection: SshConnection, group: number, channel: SshChannel): Promise<void> {
  try {
    if (group > 1 && connection.isOpen) {
      const signal = AbortSignal.timeout(KILL_MS);
      await runCommand(connection, 'kill', { lane: 'kill', signal, stdin: `${group}\n`, maxBytes: 4_096 });
    }
  } catch {
    // The connection is gone or stuck; the caller already has its answer.
  } finally {
    channel.destroy();
  }
}

/** The replies of one channel in their order. */
class ReplyStream {
  readonly #decoder: FrameDecoder;
  readonly #ready: string[] = [];
  #failure: unknown;
  #waiting: { resolve: (json: string) => void; reject: (error: unknown) => void } | undefined;
  ended: ChannelExit | undefined;

  constructor(channel: SshChannel, nonce: string) {
    this.#decoder = new FrameDecoder(nonce);
    channel.onStdout((chunk) => this.#take(chunk));
    channel.onStderr(() => undefined);
    void channel.exit.then((exit) => {
      this.ended = exit;
      this.#fail(lost('PHP on the firewall ended.', 'run'));
    });
  }

  get stray(): string {
    return this.#decoder.stray;
  }

  /** The process group that the command line printed first; 0 while it is not known. */
  get group(): number {
    return Number(/^\s*(\d{1,10})\s*$/m.exec(this.#decoder.stray)?.[1] ?? 0);
  }

  next(): Promise<string> {
    const ready = this.#ready.shift();
    if (ready !== undefined) return Promise.resolve(ready);
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  #take(chunk: Buffer): void {
    if (this.#failure !== undefined) return;
    try {
      for (const json of this.#decoder.push(chunk)) this.#deliver(json);
    } catch (error) {
      this.#fail(error);
    }
  }

  #deliver(json: string): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting.resolve(json);
    else this.#ready.push(json);
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#waiting?.reject(this.#failure);
    this.#waiting = undefined;
  }
}
