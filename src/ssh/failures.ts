import { PfsenseError, type Phase } from '../core/errors.ts';

/** ssh2's errors by the phase in which they came; its words stay in `cause`. */
export function toFailure(error: unknown, phase: Phase): PfsenseError {
  if (error instanceof PfsenseError) return error;
  if (phase === 'auth') return authFailure(error);
  if (phase === 'handshake' || phase === 'host_key') {
    return new PfsenseError('handshake_failed', 'The SSH handshake failed.', { phase, cause: error });
  }
  if (phase === 'channel') return channelFailure(error);
  return lost('The SSH connection ended.', phase, error);
}

/** Did the server say goodbye (SSH_MSG_DISCONNECT)? ssh2 gives its reason, a number, as `code`. */
export function isServerDisconnect(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'number';
}

/** The connection is gone. */
export function lost(message: string, phase: Phase, cause?: unknown): PfsenseError {
  return new PfsenseError('connection_lost', message, { phase, cause });
}

/** ssh2 marks what the agent or the key could not sign; nothing was refused then. */
function authFailure(error: unknown): PfsenseError {
  const level = error instanceof Error && 'level' in error ? error.level : undefined;
  if (level === 'agent' || level === 'client-authentication') {
    const message = 'The key, or the SSH agent that holds it, would not sign.';
    return new PfsenseError('credential_unusable', message, { phase: 'auth', cause: error });
  }
  return lost('The firewall closed the connection during authentication.', 'auth', error);
}

/** A server that gives a session but starts no program in it has a forced command or no shell for this user. */
function channelFailure(error: unknown): PfsenseError {
  const isRefusedExec = error instanceof Error && /unable to exec/i.test(error.message);
  return isRefusedExec
    ? new PfsenseError('shell_unusable', 'The SSH server runs no commands for this user.', {
        phase: 'channel',
        cause: error,
      })
    : new PfsenseError('channel_refused', 'The SSH server refused a further session.', {
        phase: 'channel',
        cause: error,
      });
}
