import { readFile } from 'node:fs/promises';
import { MessageChannel, Worker } from 'node:worker_threads';
import { PfsenseError } from '../../core/errors.ts';
import { WASM_WORKER } from '../files.ts';
import type { PhpBackend, PhpProcess, PhpStart, RunCommand } from './backend.ts';
import { FileLocks, type LockRequest } from './file-locks.ts';
import { splitCommand } from './split-command.ts';

const PACKAGE = '@php-wasm/node-8-3';
const VERSION = '3.1.54';

/** Folders of the lab's root that PHP sees at their real absolute paths. */
const MOUNTS = ['etc', 'cf', 'var', 'tmp', 'usr', 'root', 'sbin', 'bin'];

const INI = `memory_limit=256M
display_errors=0
log_errors=1
error_log=/tmp/PHP_errors.log
html_errors=0
include_path=".:/etc/inc:/usr/local/pfSense/include:/usr/local/www:/usr/local/share/pear"
auto_prepend_file=/etc/inc/lab-prepend.inc
disable_functions=exec,shell_exec,system,passthru,popen,fsockopen,pfsockopen,stream_socket_client
date.timezone=Etc/UTC
`;

type Message =
  | { kind: 'ready' }
  | { kind: 'stdout' | 'stderr'; bytes: Uint8Array }
  | { kind: 'command'; id: number; argv: string | string[] }
  | ({ kind: 'lock'; answer: SharedArrayBuffer } & LockRequest)
  | { kind: 'exit'; code: number };

/**
 * PHP 8.3 as WebAssembly: each process is a worker thread. One spare is kept ready.
 * @throws PfsenseError `lab_unavailable` when the optional package is not installed.
 */
export async function wasmBackend(root: string, runCommand: RunCommand): Promise<PhpBackend> {
  const loaderUrl = locatePackage();
  const { getPHPLoaderModule } = await import(loaderUrl);
  const { dependencyFilename } = await getPHPLoaderModule();
  const module = await WebAssembly.compile(await readFile(dependencyFilename));
  const living = new Set<WasmProcess>();
  const locks = new FileLocks();
  let nextPid = 101;
  const create = (): WasmProcess => {
    const process = new WasmProcess(
      nextPid++,
      { module, loaderUrl, root, mounts: MOUNTS, ini: INI },
      runCommand,
      locks,
    );
    living.add(process);
    void process.exit.then(() => living.delete(process));
    return process;
  };
  let spare = create();
  return {
    start(start) {
      const process = spare;
      process.run(start);
      spare = create();
      return process;
    },
    async close() {
      await Promise.all([...living].map((process) => process.terminate()));
    },
  };
}

function locatePackage(): string {
  try {
    return import.meta.resolve(PACKAGE);
  } catch (cause) {
    throw new PfsenseError('lab_unavailable', `The lab needs PHP as WebAssembly, the optional package ${PACKAGE}.`, {
      phase: 'start',
      hint: `Install it: npm install ${PACKAGE}@${VERSION}`,
      cause,
    });
  }
}

class WasmProcess implements PhpProcess {
  readonly pid: number;
  readonly exit: Promise<number>;
  readonly #worker: Worker;
  readonly #stdin = new MessageChannel();
  readonly #wake = new Int32Array(new SharedArrayBuffer(4));
  readonly #stdout: ((chunk: Buffer) => void)[] = [];
  readonly #stderr: ((chunk: Buffer) => void)[] = [];
  readonly #runCommand: RunCommand;
  readonly #locks: FileLocks;
  #leave: (code: number) => void = () => undefined;

  constructor(pid: number, shared: Record<string, unknown>, runCommand: RunCommand, locks: FileLocks) {
    this.pid = pid;
    this.#runCommand = runCommand;
    this.#locks = locks;
    this.exit = new Promise((resolve) => {
      this.#leave = resolve;
    });
    const workerData = { ...shared, processId: pid, stdinPort: this.#stdin.port2, wake: this.#wake.buffer };
    this.#worker = new Worker(WASM_WORKER, {
      workerData,
      transferList: [this.#stdin.port2],
      stdout: true,
      stderr: true,
    });
    this.#worker.on('message', (message: Message) => this.#take(message));
    this.#worker.on('error', () => this.#leave(255));
    void this.exit.then(() => locks.release(`${pid}:`));
    this.#worker.on('exit', () => this.#leave(137));
    this.#worker.unref();
    this.#stdin.port1.unref();
  }

  /** The first input of a spare is its command line. */
  run(start: PhpStart): void {
    this.#worker.ref();
    this.#send(Buffer.from(JSON.stringify(start)));
  }

  onStdout(listener: (chunk: Buffer) => void): void {
    this.#stdout.push(listener);
  }

  onStderr(listener: (chunk: Buffer) => void): void {
    this.#stderr.push(listener);
  }

  write(bytes: Buffer): void {
    this.#send(bytes);
  }

  end(): void {
    this.#send(null);
  }

  kill(): void {
    void this.terminate();
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
    this.#stdin.port1.close();
    this.#leave(137);
  }

  #send(message: Buffer | null): void {
    this.#stdin.port1.postMessage(message);
    Atomics.add(this.#wake, 0, 1);
    Atomics.notify(this.#wake, 0);
  }

  #take(message: Message): void {
    if (message.kind === 'command') void this.#answer(message.id, message.argv);
    if (message.kind === 'lock') void this.#lock(message);
    if (message.kind === 'exit') this.#end(message.code);
    if (message.kind === 'stdout') for (const listener of this.#stdout) listener(Buffer.from(message.bytes));
    if (message.kind === 'stderr') for (const listener of this.#stderr) listener(Buffer.from(message.bytes));
  }

  /** The thread sleeps until it is woken with 1 for granted or 2 for refused. */
  async #lock({ answer, ...request }: LockRequest & { answer: SharedArrayBuffer }): Promise<void> {
    const result = new Int32Array(answer);
    Atomics.store(result, 0, (await this.#locks.request(request)) ? 1 : 2);
    Atomics.notify(result, 0);
  }

  #end(code: number): void {
    this.#leave(code);
    void this.terminate();
  }

  async #answer(id: number, command: string | string[]): Promise<void> {
    const argv = typeof command === 'string' ? splitCommand(command) : command;
    this.#worker.postMessage({ id, result: await this.#runCommand(argv) });
  }
}
