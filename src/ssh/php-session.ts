import { randomBytes } from 'node:crypto';
import { raceAbort } from '../core/abort.ts';
import { MAX_REQUEST_BYTES } from '../core/bounds.ts';
import { monotonicMs, sleep } from '../core/clock.ts';
import { type ErrorCode, isErrorCode, PfsenseError } from '../core/errors.ts';
import type { ChannelExit, SshChannel } from './channel.ts';
import { commandLine, SESSION_SECONDS } from './commands.ts';
import type { Lane, SshConnection } from './connection.ts';
import { lost } from './failures.ts';
import { encodeRequest } from './frames.ts';
import { type Hello, HelloFrame, ReplyFrame } from './hello.ts';
import { ReplyStream } from './reply-stream.ts';
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
  /** pfSense's marks of changes that are saved and not applied yet; null when it is not known. Hostile text. */
  readonly pending: readonly string[] | null;
  /** Time on the firewall, in milliseconds. */
  readonly remoteMs: number;
}

export interface SessionOptions {
  /** Source of the runner. */
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
const KILL_MS = 2_000;
const CLOSE_MS = 300;

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
    const hello = parseHello(await raceAbort(stream.next(), options.signal));
    if (hello.uid !== 0) throw notRoot(connection);
    return new PhpSession(connection, channel, stream, hello, options);
  } catch (error) {
    void endRemote(connection, stream.group, channel);
    throw stream.ended ? startFailure(stream.ended, stream.group, connection, options.via) : error;
  }
}

/** A PHP process on the firewall that answers one call at a time. */
export class PhpSession {
  readonly hello: Hello;
  readonly startedAtMs = monotonicMs();
  readonly #connection: SshConnection;
  readonly #channel: SshChannel;
  readonly #stream: ReplyStream;
  readonly #lane: Lane;
  readonly #runner: string;
  readonly #sent = new Set<string>();
  #calls = 0;
  #requests = 0;
  #isOpen = true;

  constructor(
    connection: SshConnection,
    channel: SshChannel,
    stream: ReplyStream,
    hello: Hello,
    options: Pick<SessionOptions, 'lane' | 'runner'>,
  ) {
    this.#lane = options.lane;
    this.#connection = connection;
    this.#channel = channel;
    this.#stream = stream;
    this.#runner = options.runner;
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
   * session is over. A session for writes is left alone instead: what it began it ends, and nobody knows how.
   */
  async call(
    program: SnippetProgram,
    input: unknown,
    options: { readonly deadlineMs: number; readonly signal: AbortSignal },
  ): Promise<SnippetReply> {
    options.signal.throwIfAborted();
    if (!this.isOpen) throw lost('The PHP session has ended.', 'run');
    this.#calls += 1;
    try {
      return await this.#exchange(program, input, options);
    } catch (error) {
      if (!(error instanceof CallError)) void (this.#lane === 'write' ? this.leave() : this.kill());
      throw error;
    }
  }

  async #exchange(
    program: SnippetProgram,
    input: unknown,
    { deadlineMs, signal }: { readonly deadlineMs: number; readonly signal: AbortSignal },
  ): Promise<SnippetReply> {
    const until = monotonicMs() + deadlineMs;
    const first = await this.#ask(program, input, deadlineMs, signal);
    if (!needsSource(first)) return this.#read(first, program);
    // The runner lost or never loaded it, for instance because its first call was cut off while loading.
    this.#sent.delete(program.sha256);
    return this.#read(await this.#ask(program, input, until - monotonicMs(), signal), program);
  }

  async #ask(program: SnippetProgram, input: unknown, deadlineMs: number, signal: AbortSignal): Promise<ReplyFrame> {
    this.#requests += 1;
    const id = this.#requests;
    this.#channel.write(this.#request(id, program, input, Math.max(1, deadlineMs)));
    const reply = parseReply(await raceAbort(this.#stream.next(), signal));
    if (reply.id !== id && reply.id !== null) throw badReply('answers another call');
    return reply;
  }

  /** Ends the session politely: PHP leaves its loop when stdin ends. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#channel.end();
    const late = new AbortController();
    await Promise.race([this.#channel.exit, sleep(CLOSE_MS, late.signal).catch(() => undefined)]);
    late.abort();
    this.#channel.destroy();
  }

  /** Gives the session up without ending what it does. */
  leave(): void {
    this.#isOpen = false;
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
      throw new CallError('bad_input', 'The arguments of the call are too large.', { phase: 'input' });
    }
    this.#sent.add(sha256);
    return request;
  }

  #read(reply: ReplyFrame, program: SnippetProgram): SnippetReply {
    if (reply.ok) {
      const { value, warnings, pending, ms } = reply;
      return { value, warnings, pending, remoteMs: ms };
    }
    if (reply.final) void this.close();
    throw this.#failure(reply, program);
  }

  #failure(reply: Extract<ReplyFrame, { ok: false }>, program: SnippetProgram): PfsenseError {
    const { code, message, detail } = reply.error;
    if (code === 'recycle') {
      void this.close();
      return lost('The code on the firewall changed, so the session was ended.', 'run');
    }
    // A box that lies can send any words: only codes and sentences that stand in our own programs are repeated.
    const ours = [program.source, this.#runner];
    const known: ErrorCode =
      isErrorCode(code) && ours.some((text) => text.includes(`'${code}'`)) ? code : 'snippet_failed';
    const isOurs = known !== 'snippet_failed' && message.length > 10 && ours.some((text) => text.includes(message));
    return new CallError(known, isOurs ? message : `Snippet ${program.id} failed on the firewall.`, {
      phase: 'run',
      cause: detail,
    });
  }
}

/** The call failed in a way that leaves the session in step: it was answered, or never sent. */
class CallError extends PfsenseError {}

function parseReply(json: string): ReplyFrame {
  try {
    return ReplyFrame.parse(JSON.parse(json));
  } catch (cause) {
    throw new PfsenseError('bad_reply', 'The answer of the firewall is not a reply.', { phase: 'reply', cause });
  }
}

function needsSource(reply: ReplyFrame): boolean {
  return !reply.ok && reply.error.code === 'need_source';
}

function parseHello(json: string): Hello {
  try {
    return HelloFrame.parse(JSON.parse(json)).hello;
  } catch (cause) {
    throw new PfsenseError('bad_reply', 'PHP on the firewall did not announce itself.', { phase: 'start', cause });
  }
}

function badReply(what: string): PfsenseError {
  return new PfsenseError('bad_reply', `The reply ${what}.`, { phase: 'reply' });
}

function notRoot({ target }: SshConnection): PfsenseError {
  const message = `User ${target.user} is not root on ${target.label}.`;
  return new PfsenseError('not_root', message, { phase: 'start' });
}

/** `group` is 0 when the command line did not even come to its first line. */
function startFailure(exit: ChannelExit, group: number, connection: SshConnection, via: string): PfsenseError {
  if (exit.isLost) return lost('The connection ended while PHP started.', 'start');
  if (group === 0 && connection.target.privilege === 'sudo') return notRoot(connection);
  const status = `exit status ${exit.code ?? 'unknown'}`;
  if (group === 0) {
    const message = `The login shell of ${connection.target.user} did not run the command (${status}).`;
    return new PfsenseError('shell_unusable', message, { phase: 'start' });
  }
  const program = via === 'pfSsh' ? 'pfSsh.php' : 'php';
  return new PfsenseError('php_unavailable', `${program} did not start (${status}).`, { phase: 'start' });
}

/** Never throws: what cannot be killed from here ends by its own time limit on the firewall. */
async function endRemote(connection: SshConnection, group: number, channel: SshChannel): Promise<void> {
  try {
    if (group > 1 && connection.isOpen) {
      const signal = AbortSignal.timeout(KILL_MS);
      await runCommand(connection, 'kill', { lane: 'kill', signal, stdin: `${group}\n`, maxBytes: 4_096 });
    }
  } catch {
    // The caller already has its answer. A connection that cannot even carry this is stuck: the next call needs another.
    connection.destroy();
  } finally {
    channel.destroy();
  }
}
