import type { Duplex } from 'node:stream';
import { PfsenseError } from '../core/errors.ts';

/** A server may send lines before its identification (RFC 4253, 4.2), but not for ever. */
const MAX_PREAMBLE_BYTES = 4_096;

export interface PreambleListeners {
  readonly onSsh: () => void;
  readonly onForeign: (failure: PfsenseError) => void;
}

/** Reports a peer that does not speak SSH, which ssh2 alone would wait for until its time-out. */
export function watchPreamble(socket: Duplex, { onSsh, onForeign }: PreambleListeners): void {
  let seen = '';
  const look = (chunk: Buffer): void => {
    seen += chunk.toString('latin1', 0, MAX_PREAMBLE_BYTES + 1);
    const isSsh = /(^|\n)SSH-/.test(seen);
    const isForeign = !isSsh && (seen.length > MAX_PREAMBLE_BYTES || /^(HTTP\/|<|\x16\x03)/.test(seen));
    if (isSsh || isForeign) socket.off('data', look);
    if (isSsh) onSsh();
    if (isForeign)
      onForeign(new PfsenseError('handshake_failed', 'The peer does not speak SSH.', { phase: 'handshake' }));
  };
  socket.on('data', look);
}
