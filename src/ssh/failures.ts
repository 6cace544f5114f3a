import { PfsenseError, type Phase } from '../core/errors.ts';

/** ssh2's errors by the phase in which they came; its words stay in `cause`. */
export function toFailure(error: unknown, phase: Phase): PfsenseError {
  if (error instanceof PfsenseError) return error;
  if (phase === 'auth') return lost('The firewall closed the connection during authentication.', phase, error);
  if (phase === 'handshake' || phase === 'host_key') {
    return new PfsenseError('handshake_failed', 'The SSH handshake failed.', { phase, cause: error });
  }
  if (phase === 'channel') {
    return new PfsenseError('channel_refused', 'The SSH server refused a further session.', { phase, cause: error });
  }
  return lost('The SSH connection ended.', phase, error);
}

/** The connection is gone. */
export function lost(message: string, phase: Phase, cause?: unknown): PfsenseError {
  return new PfsenseError('connection_lost', message, { phase, ...(cause === undefined ? {} : { cause }) });
}
