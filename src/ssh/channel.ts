import type { ClientChannel } from 'ssh2';

/** How a remote command ended; `isLost` when the channel closed without saying so. */
export interface ChannelExit {
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly isLost: boolean;
}

/** One remote command. Both outputs must be listened to, or a full window stops the command. */
export interface SshChannel {
  /** Resolves at the command's end, also when a background child keeps its outputs open. Never rejects. */
  readonly exit: Promise<ChannelExit>;
  onStdout(listener: (chunk: Buffer) => void): void;
  onStderr(listener: (chunk: Buffer) => void): void;
  write(bytes: Buffer | string): void;
  /** Ends stdin. */
  end(): void;
  /** Gives the channel up at once, without waiting for the other side. */
  destroy(): void;
}

/** Wraps an ssh2 channel; `onGone` is called once when it no longer counts against the server's limit. */
export function wrapChannel(stream: ClientChannel, onGone: () => void): SshChannel {
  let said: Omit<ChannelExit, 'isLost'> | undefined;
  const exit = new Promise<ChannelExit>((resolve) => {
    const settle = (): void =>
      resolve(said ? { ...said, isLost: false } : { code: undefined, signal: undefined, isLost: true });
    stream.on('exit', (code: number | null, signal?: string) => {
      said = { code: code ?? undefined, signal };
      // Output may still be on its way; but `close` may never come, so it is waited for only briefly.
      setTimeout(settle, 100).unref();
    });
    stream.once('close', () => {
      settle();
      onGone();
    });
  });
  // The connection reports its own errors; a channel's error event without listener would end the process.
  stream.on('error', () => undefined);
  stream.stderr.on('error', () => undefined);
  return {
    exit,
    onStdout: (listener) => void stream.on('data', listener),
    onStderr: (listener) => void stream.stderr.on('data', listener),
    write: (bytes) => void (stream.writable && stream.write(bytes)),
    end: () => void (stream.writable && stream.end()),
    destroy: () => {
      stream.resume();
      stream.stderr.resume();
      stream.destroy();
    },
  };
}
