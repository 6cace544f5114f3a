import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

type Handler = (argument: unknown) => unknown;

interface Request {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** In a child process: answers what its parent asks, until the parent is gone. */
export function answer(handlers: Readonly<Record<string, Handler>>): void {
  process.on('message', (message) => void reply(message as Request, handlers));
  process.once('disconnect', () => process.exit(0));
}

async function reply({ id, name, argument }: Request, handlers: Readonly<Record<string, Handler>>): Promise<void> {
  const send = (message: Reply): void => void process.send?.(message);
  try {
    send({ id, value: await handlers[name]?.(argument) });
  } catch (error) {
    send({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

/** A child process that answers questions. */
export class Peer {
  readonly child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #next = 1;

  /** Starts a module of this folder, such as `./box-host.ts`, as a process of its own. */
  constructor(module: string) {
    const file = fileURLToPath(new URL(module, import.meta.url));
    this.child = fork(file, [], { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.child.on('message', (message) => this.#take(message as Reply));
    this.child.once('exit', () => this.#giveUp());
  }

  ask(name: string, argument?: unknown): Promise<unknown> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.child.send({ id, name, argument }, (error) => error && this.#giveUp());
    });
  }

  /** Ends the process and waits until it is gone. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await gone;
  }

  #take({ id, value, error }: Reply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(error));
  }

  #giveUp(): void {
    for (const { reject } of this.#waiting.values()) reject(new Error('The process is gone.'));
    this.#waiting.clear();
  }
}
