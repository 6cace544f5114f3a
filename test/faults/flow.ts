import type { Socket } from 'node:net';

/** What happens to the bytes of one direction. */
export type FlowMode = 'pass' | 'stall' | 'drop' | 'drip' | 'corrupt';

const DRIP_MS = 1_000;

/** One direction of a proxied connection. */
export class Flow {
  readonly #from: Socket;
  readonly #to: Socket;
  #mode: FlowMode = 'pass';
  #left = Number.POSITIVE_INFINITY;
  #drops: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(from: Socket, to: Socket) {
    this.#from = from;
    this.#to = to;
    from.on('data', (chunk: Buffer) => this.#carry(chunk));
    from.on('end', () => this.isOpen && this.#to.end());
    to.on('drain', () => this.#mode !== 'stall' && this.#from.resume());
    to.on('close', () => clearInterval(this.#timer));
  }

  /** Whether the other side would notice the end of this one. */
  get isOpen(): boolean {
    return this.#mode === 'pass' || this.#mode === 'corrupt';
  }

  set mode(mode: FlowMode) {
    this.#mode = mode;
    if (mode === 'stall') this.#from.pause();
    if (mode === 'drip') this.#timer ??= setInterval(() => this.#dripOne(), DRIP_MS);
  }

  /** Stalls after this many more bytes. */
  stallAfter(bytes: number): void {
    this.#left = bytes;
  }

  #carry(chunk: Buffer): void {
    if (this.#mode === 'drop') return;
    if (this.#mode === 'drip') {
      this.#drops.push(chunk);
      return;
    }
    const piece = chunk.subarray(0, this.#left);
    this.#left -= piece.length;
    if (this.#left <= 0) this.mode = 'stall';
    if (!this.#to.write(this.#mode === 'corrupt' ? this.#flipped(piece) : piece)) this.#from.pause();
  }

  #flipped(chunk: Buffer): Buffer {
    const copy = Buffer.from(chunk);
    const middle = Math.floor(copy.length / 2);
    copy.writeUInt8((copy[middle] ?? 0) ^ 0x20, middle);
    this.#mode = 'pass';
    return copy;
  }

  #dripOne(): void {
    const [first, ...rest] = this.#drops;
    if (!first) return;
    this.#to.write(first.subarray(0, 1));
    this.#drops = first.length > 1 ? [first.subarray(1), ...rest] : rest;
  }
}
