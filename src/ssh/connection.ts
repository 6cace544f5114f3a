import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { raceAbort } from '../core/abort.ts';
import type { Phase } from '../core/errors.ts';
import { Authentication } from './authentication.ts';
import { type SshChannel, wrapChannel } from './channel.ts';
import { lost, toFailure } from './failures.ts';
import { handshake } from './handshake.ts';
import type { HangUpBudget } from './hang-ups.ts';
import { HostKeyCheck, type UnknownHostKey } from './host-key-check.ts';
import { type Lane, Lanes } from './lanes.ts';
import type { CredentialLatch } from './latch.ts';
import { openSocket } from './socket.ts';
import type { SshTarget } from './target.ts';

export type { Lane } from './lanes.ts';

/** A polite goodbye may take this long, in milliseconds. */
const CLOSE_MS = 300;

export interface ConnectOptions {
  readonly latch: CredentialLatch;
  readonly signal: AbortSignal;
  readonly onPhase?: (phase: Phase) => void;
  /** Record the key of a host that is not known yet, because a person said so; a changed key stays refused. */
  readonly unknownHostKey?: UnknownHostKey;
  /** Refuses an attempt while earlier ones that broke off half-way could get our address blocked. */
  readonly hangUps?: HangUpBudget;
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
  /** Says goodbye properly; resolves when the socket is closed, after 300 ms at the latest. */
  close(): Promise<void>;
  destroy(): void;
}

/**
 * Connects: jump hosts, TCP, handshake, host key, then exactly one credential. Whatever can fail here at home is
 * tried before anything is sent.
 * @throws PfsenseError typed by the phase that failed; the signal's reason when that aborts first.
 */
export async function connect(target: SshTarget, options: ConnectOptions): Promise<OpenConnection> {
  const { latch, signal, hangUps } = options;
  const authentication = await raceAbort(Authentication.prepare(target, latch, signal), signal);
  const hostKey = new HostKeyCheck(target, options.unknownHostKey ?? 'refuse');
  hangUps?.check(target.firewall);
  const jump = target.jump ? await connect(target.jump, options) : undefined;
  try {
    const socket = await openSocket(target, jump?.client, options);
    const client = await handshake(target, socket, { ...options, authentication, hostKey });
    return new OpenConnection(client, socket, target, hostKey.fingerprint, jump);
  } catch (error) {
    void jump?.close();
    throw error;
  }
}

class OpenConnection implements SshConnection {
  readonly target: SshTarget;
  readonly hostKeyFingerprint: string;
  readonly client: Client;
  readonly #socket: Duplex;
  readonly #jump: OpenConnection | undefined;
  readonly #lanes = new Lanes();
  readonly #closed = new AbortController();

  constructor(
    client: Client,
    socket: Duplex,
    target: SshTarget,
    hostKeyFingerprint: string,
    jump: OpenConnection | undefined,
  ) {
    this.client = client;
    this.#socket = socket;
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
    await this.#jump?.close();
  }

  destroy(): void {
    this.client.destroy();
    // After a goodbye ssh2 leaves the socket to the other side, which may never close it.
    this.#socket.destroy();
    this.#gone();
  }

  #gone(): void {
    if (!this.isOpen) return;
    this.#closed.abort(lost('The SSH connection ended.', 'run'));
    void this.#jump?.close();
  }

  /** The callback may never come, or come after the caller has left: then the channel is given up at once. */
  #start(command: string, release: () => void, signal: AbortSignal): Promise<SshChannel> {
    const opened = new Promise<SshChannel>((resolve, reject) => {
      this.client.exec(command, (error, stream) => {
        if (error) return reject(error);
        const channel = wrapChannel(stream, release);
        if (signal.aborted) channel.destroy();
        resolve(channel);
      });
    });
    return opened.catch((error: unknown) => {
      throw toFailure(error, this.isOpen ? 'channel' : 'run');
    });
  }
}
