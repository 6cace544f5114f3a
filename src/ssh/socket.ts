import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { raceAbort } from '../core/abort.ts';
import { PfsenseError, type Phase } from '../core/errors.ts';
import type { SshTarget } from './target.ts';

interface SocketOptions {
  readonly signal: AbortSignal;
  readonly onPhase?: (phase: Phase) => void;
}

/** The byte stream to the SSH port: TCP, or a channel of the jump host. */
export function openSocket(target: SshTarget, through: Client | undefined, options: SocketOptions): Promise<Duplex> {
  return through ? openForward(target, through, options) : openTcp(target, options);
}

async function openTcp(target: SshTarget, { signal, onPhase }: SocketOptions): Promise<Socket> {
  onPhase?.(isIP(target.host) ? 'tcp' : 'dns');
  const socket = connectTcp({ host: target.host, port: target.port, noDelay: true });
  socket.once('lookup', () => onPhase?.('tcp'));
  const connected = new Promise<Socket>((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error) => reject(tcpFailure(target, error)));
  });
  try {
    return await raceAbort(connected, signal);
  } catch (error) {
    // The error event of a socket that is given up has no reader any more.
    socket.on('error', () => undefined);
    socket.destroy();
    throw error;
  }
}

function openForward(target: SshTarget, through: Client, { signal, onPhase }: SocketOptions): Promise<Duplex> {
  onPhase?.('tcp');
  const forwarded = new Promise<Duplex>((resolve, reject) => {
    through.forwardOut('127.0.0.1', 0, target.host, target.port, (error, stream) => {
      if (!error && signal.aborted) stream.destroy();
      error ? reject(tcpFailure(target, error)) : resolve(stream);
    });
  });
  return raceAbort(forwarded, signal);
}

function tcpFailure(target: SshTarget, error: Error): PfsenseError {
  const code = 'code' in error ? error.code : undefined;
  const isName = code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_FAIL';
  return isName
    ? new PfsenseError('host_unresolved', `The host name of ${target.label} has no address.`, {
        phase: 'dns',
        cause: error,
      })
    : new PfsenseError('unreachable', `The SSH port ${target.port} of ${target.label} cannot be reached.`, {
        phase: 'tcp',
        cause: error,
      });
}
