import type { Duplex } from 'node:stream';
import { Client, type ConnectConfig } from 'ssh2';
import { raceAbort } from '../core/abort.ts';
import type { PfsenseError, Phase } from '../core/errors.ts';
import { ALGORITHMS } from './algorithms.ts';
import { Authentication } from './authentication.ts';
import { type SshChannel, wrapChannel } from './channel.ts';
import { lost, toFailure } from './failures.ts';
import { HostKeyCheck } from './host-key-check.ts';
import { type Lane, Lanes } from './lanes.ts';
import type { CredentialLatch } from './latch.ts';
import { watchPreamble } from './preamble.ts';
import { openSocket } from './socket.ts';
import type { SshTarget } from './target.ts';

export type { Lane } from './lanes.ts';

const KEEPALIVE_MS = 10_000;
const KEEPALIVE_MISSES = 3;

/** A polite goodbye may take this long, in milliseconds. */
const CLOSE_MS = 1_000;

export interface ConnectOptions {
  readonly latch: CredentialLatch;
  readonly signal: AbortSignal;
  readonly onPhase?: (phase: Phase) => void;
  /** Record the key of a host that is not known yet, because a person said so; a changed key stays refused. */
  readonly unknownHostKey?: 'refuse' | 'accept';
}

/** One multiplexed SSH connection. */
export interface SshConnection {
  readonly target: SshTarget;
  /** `SHA256:…` of the key that the server proved to hold. */
  readonly hostKeyFingerprint: string;
  readonly isOpen: boolean;
  /** Starts a command; waits for a free place in its lane and for the server's consent, as long as the signal allows. */
  exec(command: string, options: { readonly lane: Lane; readonly signal: AbortSignal }): Promise<SshChannel>;
  onClose(listener: () => void): void;
  /** Says goodbye properly; resolves when the socket is closed, at the latest after a second. */
  close(): Promise<void>;
  destroy(): void;
}

/**
 * Connects: jump hosts, TCP, handshake, host key, then exactly one credential.
 * @throws PfsenseError typed by the phase that failed; the signal's reason when that aborts first.
 */
export async function connect(target: SshTarget, options: ConnectOptions): Promise<OpenConnection> {
  const jump = target.jump ? await connect(target.jump, options) : undefined;
  try {
    const authentication = await Authentication.prepare(target, options.latch);
    const socket = await openSocket(target, jump?.client, options);
    return await handshake(target, socket, authentication, options, jump);
  } catch (error) {
    jump?.destroy();
    throw error;
  }
}

function handshake(
  target: SshTarget,
  socket: Duplex,
  authentication: Authentication,
  options: ConnectOptions,
  jump: OpenConnection | undefined,
): Promise<OpenConnection> {
  const client = new Client();
  const hostKey = new HostKeyCheck(target);
  let phase: Phase = 'handshake';
  const enter = (next: Phase): void => {
    phase = next;
    options.onPhase?.(next);
  };
  enter('handshake');
  watchPreamble(socket, (failure) => client.emit('error', failure));
  authentication.listen(client);
  const config: ConnectConfig = {
    sock: socket,
    username: target.user,
    algorithms: { ...ALGORITHMS, serverHostKey: hostKey.algorithms() },
    authHandler: authentication.handler,
    // The signal bounds the handshake; ssh2's own timer would only name another number.
    readyTimeout: 0,
    keepaliveInterval: KEEPALIVE_MS,
    keepaliveCountMax: KEEPALIVE_MISSES,
    hostVerifier: (key: Buffer) => {
      enter('host_key');
      const refusal = hostKey.judge(key, options.unknownHostKey ?? 'refuse');
      if (refusal) client.emit('error', refusal);
      else enter('auth');
      return refusal === undefined;
    },
  };
  const ready = new Promise<OpenConnection>((resolve, reject) => {
    client.once('ready', () => resolve(new OpenConnection(client, target, hostKey.fingerprint, jump)));
    client.on('error', (error) => reject(connectFailure(error, phase, authentication)));
    client.once('close', () => reject(toFailure(undefined, phase)));
    client.connect(config);
  });
  return raceAbort(ready, options.signal).catch((error: unknown) => {
    client.destroy();
    socket.destroy();
    throw error;
  });
}

function connectFailure(error: unknown, phase: Phase, authentication: Authentication): PfsenseError {
  const isRefusal = error instanceof Error && 'level' in error && error.level === 'client-authentication';
  return isRefusal ? authentication.refused() : toFailure(error, phase);
}

class OpenConnection implements SshConnection {
  readonly target: SshTarget;
  readonly hostKeyFingerprint: string;
  readonly client: Client;
  readonly #jump: OpenConnection | undefined;
  readonly #lanes = new Lanes();
  readonly #closed = new AbortController();

  constructor(client: Client, target: SshTarget, hostKeyFingerprint: string, jump: OpenConnection | undefined) {
    this.client = client;
    this.target = target;
    this.hostKeyFingerprint = hostKeyFingerprint;
    this.#jump = jump;
    client.setNoDelay(true);
    client.once('close', () => this.#gone());
  }

  get isOpen(): boolean {
    return !this.#closed.signal.aborted;
  }

  async exec(
    command: string,
    { lane, signal }: { readonly lane: Lane; readonly signal: AbortSignal },
  ): Promise<SshChannel> {
    const either = AbortSignal.any([signal, this.#closed.signal]);
    const release = await this.#lanes.take(lane, either);
    try {
      return await raceAbort(this.#start(command, release, either), either);
    } catch (error) {
      release();
      throw error;
    }
  }

  onClose(listener: () => void): void {
    if (!this.isOpen) listener();
    else this.#closed.signal.addEventListener('abort', listener, { once: true });
  }

  async close(): Promise<void> {
    if (!this.isOpen) return;
    const closed = new Promise<void>((resolve) => this.onClose(resolve));
    this.client.end();
    const giveUp = setTimeout(() => this.destroy(), CLOSE_MS);
    await closed;
    clearTimeout(giveUp);
  }

  destroy(): void {
    this.client.destroy();
    this.#gone();
  }

  #gone(): void {
    if (!this.isOpen) return;
    this.#closed.abort(lost('The SSH connection ended.', 'run'));
    this.#jump?.destroy();
  }

  /** The callback may never come, or come after the caller has left: then the channel is given up at once. */
  #start(command: string, release: () => void, signal: AbortSignal): Promise<SshChannel> {
    return new Promise((resolve, reject) => {
      this.client.exec(command, (error, stream) => {
        if (error) return reject(toFailure(error, this.isOpen ? 'channel' : 'run'));
        const channel = wrapChannel(stream, release);
        if (signal.aborted) channel.destroy();
        resolve(channel);
      });
    });
  }
}
