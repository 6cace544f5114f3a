import type { Duplex } from 'node:stream';
import { Client, type ConnectConfig } from 'ssh2';
import { raceAbort } from '../core/abort.ts';
import type { PfsenseError, Phase } from '../core/errors.ts';
import { ALGORITHMS } from './algorithms.ts';
import type { Authentication } from './authentication.ts';
import { isServerDisconnect, toFailure } from './failures.ts';
import { HANG_UP_POINTS, type HangUpBudget, NO_AGREEMENT_POINTS } from './hang-ups.ts';
import type { HostKeyCheck } from './host-key-check.ts';
import { watchPreamble } from './preamble.ts';
import type { SshTarget } from './target.ts';

const KEEPALIVE_MS = 10_000;
const KEEPALIVE_MISSES = 3;

export interface HandshakeParts {
  readonly authentication: Authentication;
  readonly hostKey: HostKeyCheck;
  readonly signal: AbortSignal;
  readonly onPhase?: (phase: Phase) => void;
  readonly hangUps?: HangUpBudget;
}

/**
 * Speaks SSH on an open byte stream until the login is through. The stream is closed when it fails, and without a
 * goodbye: sshguard gives ten points for a disconnect message before authentication, two for a closed connection.
 */
export async function handshake(target: SshTarget, socket: Duplex, parts: HandshakeParts): Promise<Client> {
  const client = new Client();
  const state = new HandshakeState(parts);
  const ready = new Promise<Client>((resolve, reject) => {
    const breakOff = (failure: PfsenseError): void => {
      socket.destroy();
      reject(failure);
    };
    watchPreamble(socket, { onSsh: () => state.speaksSsh(), onForeign: breakOff });
    client.once('ready', () => {
      state.finished();
      resolve(client);
    });
    client.on('error', (error) => breakOff(state.failure(error)));
    client.once('close', () => breakOff(state.failure(undefined)));
    client.connect(clientConfig(target, socket, state, breakOff));
  });
  try {
    return await raceAbort(ready, parts.signal);
  } catch (error) {
    socket.destroy();
    client.destroy();
    state.account();
    throw error;
  }
}

function clientConfig(
  target: SshTarget,
  socket: Duplex,
  state: HandshakeState,
  breakOff: (failure: PfsenseError) => void,
): ConnectConfig {
  return {
    sock: socket,
    username: target.user,
    algorithms: { ...ALGORITHMS, serverHostKey: state.hostKey.algorithms() },
    authHandler: state.authentication.handler(breakOff),
    // The signal bounds the handshake; ssh2's own timer would only name another number.
    readyTimeout: 0,
    keepaliveInterval: KEEPALIVE_MS,
    keepaliveCountMax: KEEPALIVE_MISSES,
    hostVerifier: (key: Buffer) => {
      const refusal = state.judge(key);
      if (refusal) breakOff(refusal);
      return refusal === undefined;
    },
  };
}

/** How far one handshake has come. */
class HandshakeState {
  readonly authentication: Authentication;
  readonly hostKey: HostKeyCheck;
  readonly #parts: HandshakeParts;
  #phase: Phase = 'handshake';
  #isSsh = false;
  #points = HANG_UP_POINTS;

  constructor(parts: HandshakeParts) {
    this.#parts = parts;
    this.authentication = parts.authentication;
    this.hostKey = parts.hostKey;
    this.#enter('handshake');
  }

  speaksSsh(): void {
    this.#isSsh = true;
  }

  /** Also called when the keys are renewed later; then only a wrong key matters. */
  judge(key: Buffer): PfsenseError | undefined {
    if (this.#phase === 'handshake') this.#enter('host_key');
    const refusal = this.hostKey.judge(key);
    if (!refusal && this.#phase === 'host_key') this.#enter('auth');
    return refusal;
  }

  /** From now on a goodbye of the server says nothing about the credential. */
  finished(): void {
    this.#phase = 'run';
  }

  failure(error: unknown): PfsenseError {
    const isSwitchedOff = this.#phase === 'auth' && this.authentication.hasOffered && isServerDisconnect(error);
    if (isSwitchedOff) return this.authentication.refused();
    if (this.#phase === 'handshake' && isDisagreement(error)) this.#points = NO_AGREEMENT_POINTS;
    return toFailure(error, this.#phase);
  }

  /** The peer saw a login that was broken off, unless it is no SSH server at all. */
  account(): void {
    if (this.#isSsh) this.#parts.hangUps?.spend(this.#points);
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.#parts.onPhase?.(phase);
  }
}

/** No common algorithm, or a broken key exchange; ssh2 then sends a disconnect message. */
function isDisagreement(error: unknown): boolean {
  return error instanceof Error && 'level' in error && error.level === 'handshake';
}
