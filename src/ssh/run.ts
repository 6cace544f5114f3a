import { raceAbort } from '../core/abort.ts';
import { PfsenseError } from '../core/errors.ts';
import type { ChannelExit } from './channel.ts';
import { type CommandName, commandLine } from './commands.ts';
import type { Lane, SshConnection } from './connection.ts';
import { lost } from './failures.ts';

export interface CommandOptions {
  readonly lane: Lane;
  readonly signal: AbortSignal;
  readonly stdin?: string;
  /** Most bytes of stdout; more is an error. */
  readonly maxBytes: number;
}

export interface CommandOutcome {
  readonly code: number | undefined;
  readonly stdout: Buffer;
}

/**
 * Runs one constant command to its end. The channel is given up when the signal aborts.
 * @throws PfsenseError `connection_lost`, `reply_too_large`, or the signal's reason.
 */
export async function runCommand(
  connection: SshConnection,
  name: CommandName,
  options: CommandOptions,
): Promise<CommandOutcome> {
  const channel = await connection.exec(commandLine(name, connection.target.privilege), options);
  try {
    const stdout = collect(channel.onStdout, options.maxBytes);
    channel.onStderr(() => undefined);
    channel.write(options.stdin ?? '');
    channel.end();
    const exit = await raceAbort(Promise.race([channel.exit, stdout.overflow]), options.signal);
    return { code: codeOf(exit), stdout: stdout.bytes() };
  } finally {
    channel.destroy();
  }
}

function codeOf(exit: ChannelExit): number | undefined {
  // A command whose end was never reported was cut off: its output may be half of the truth.
  if (exit.isLost) throw lost('The connection ended during a command.', 'run');
  return exit.code;
}

function collect(listen: (listener: (chunk: Buffer) => void) => void, maxBytes: number) {
  const chunks: Buffer[] = [];
  let size = 0;
  const overflow = new Promise<never>((_, reject) => {
    listen((chunk) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else reject(tooLarge(maxBytes));
    });
  });
  overflow.catch(() => undefined);
  return { overflow, bytes: () => Buffer.concat(chunks) };
}

function tooLarge(maxBytes: number): PfsenseError {
  return new PfsenseError('reply_too_large', `The output is larger than ${maxBytes} bytes.`, { phase: 'run' });
}
