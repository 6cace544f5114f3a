/** A PHP process of the lab. */
export interface PhpProcess {
  readonly pid: number;
  /** Resolves with the exit status; 137 after `kill`. */
  readonly exit: Promise<number>;
  onStdout(listener: (chunk: Buffer) => void): void;
  onStderr(listener: (chunk: Buffer) => void): void;
  write(bytes: Buffer): void;
  end(): void;
  kill(): void;
}

export interface PhpStart {
  readonly argv: readonly string[];
  /** Who it runs as; WebAssembly knows no users, so the lab's PHP is told. */
  readonly uid: number;
}

/** Starts PHP processes on the lab's file system. */
export interface PhpBackend {
  start(start: PhpStart): PhpProcess;
  close(): Promise<void>;
}

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** Answers a simulated program. */
export type RunCommand = (argv: readonly string[]) => Promise<CommandResult>;
