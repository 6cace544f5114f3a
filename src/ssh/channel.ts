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

/** After the command's end its outputs may still be on their way; so long without a byte means that they are not. */
const QUIET_MS = 1_000;

/** Wraps an ssh2 channel; `onGone` is called once when it no longer counts against the server's limit. */
export function wrapChannel(stream: ClientChannel, onGone: () => void): SshChannel {
  const { exit, heard } = watchExit(stream);
  stream.once('close', onGone);
  // The connection reports its own errors; a channel's error event without listener would end the process.
  stream.on('error', () => undefined);
  stream.stderr.on('error', () => undefined);
  return {
    exit,
    onStdout: (listener) => void stream.on('data', listener).on('data', heard),
    onStderr: (listener) => void stream.stderr.on('data', listener).on('data', heard),
    write: (bytes) => void (stream.writable && stream.write(bytes)),
    end: () => void (stream.writable && stream.end()),
    destroy: () => {
      stream.resume();
      stream.stderr.resume();
      stream.destroy();
    },
  };
}

/** `close` comes last, but never while a background child holds the outputs; then silence after the end is enough. */
function watchExit(stream: ClientChannel) {
  let said: Omit<ChannelExit, 'isLost'> | undefined;
  let quiet: NodeJS.Timeout | undefined;
  let settle = (): void => undefined;
  const exit = new Promise<ChannelExit>((resolve) => {
    settle = () => resolve(said ? { ...said, isLost: false } : { code: undefined, signal: undefined, isLost: true });
  });
  const heard = (): void => {
    if (said) quiet = quiet?.refresh() ?? setTimeout(settle, QUIET_MS).unref();
  };
  stream.once('exit', (code: number | null, signal?: string) => {
    said = { code: code ?? undefined, signal };
    heard();
  });
  stream.once('close', () => {
    clearTimeout(quiet);
    settle();
  });
  return { exit, heard };
}
