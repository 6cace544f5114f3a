import { PfsenseError } from '../core/errors.ts';
import type { ChannelExit, SshChannel } from './channel.ts';
import { PHP_ENDED } from './commands.ts';
import { lost } from './failures.ts';
import { FrameDecoder } from './frames.ts';

/** Replies that nobody has asked for yet: a last word before the process ends. More of them is no runner of ours. */
const MAX_READY = 2;

/** The replies of one channel in their order. */
export class ReplyStream {
  readonly #decoder: FrameDecoder;
  readonly #ready: string[] = [];
  #failure: unknown;
  #waiting: { resolve: (json: string) => void; reject: (error: unknown) => void } | undefined;
  ended: ChannelExit | undefined;

  constructor(channel: SshChannel, nonce: string) {
    this.#decoder = new FrameDecoder(nonce);
    channel.onStdout((chunk) => this.#take(chunk));
    channel.onStderr(endInputAfter(channel));
    void channel.exit.then((exit) => {
      this.ended = exit;
      this.#fail(lost('PHP on the firewall ended.', 'run'));
    });
  }

  get stray(): string {
    return this.#decoder.stray;
  }

  /** The process group that the command line printed first; 0 while it is not known. */
  get group(): number {
    return Number(/^\s*(\d{1,10})\s*$/m.exec(this.#decoder.stray)?.[1] ?? 0);
  }

  next(): Promise<string> {
    const ready = this.#ready.shift();
    if (ready !== undefined) return Promise.resolve(ready);
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  #take(chunk: Buffer): void {
    if (this.#failure !== undefined) return;
    try {
      for (const json of this.#decoder.push(chunk)) this.#deliver(json);
    } catch (error) {
      this.#ready.length = 0;
      this.#fail(error);
    }
  }

  #deliver(json: string): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting.resolve(json);
    else if (this.#ready.push(json) > MAX_READY) throw unasked();
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#waiting?.reject(this.#failure);
    this.#waiting = undefined;
  }
}

function unasked(): PfsenseError {
  return new PfsenseError('bad_reply', 'The firewall answers what it was not asked.', { phase: 'reply' });
}

/** Ends the input once the command line says that PHP has ended: its `cat` would wait for us for ever. */
function endInputAfter(channel: SshChannel): (chunk: Buffer) => void {
  let tail = '';
  return (chunk) => {
    tail += chunk.toString('latin1');
    if (tail.includes(PHP_ENDED)) channel.end();
    tail = tail.slice(-PHP_ENDED.length);
  };
}
