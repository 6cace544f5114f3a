import { createHash } from 'node:crypto';
import { MAX_REPLY_BYTES, MAX_STRAY_BYTES } from '../core/bounds.ts';
import { PfsenseError } from '../core/errors.ts';

const START = 0x1e;
const NEWLINE = 0x0a;
const NOTHING = Buffer.alloc(0);

/** A request frame: `<bytes>\n<json>`. Halves of surrogate pairs are replaced, as PHP reads no JSON that holds one. */
export function encodeRequest(request: unknown): Buffer {
  const json = Buffer.from(
    JSON.stringify(request, (_key, value) => (typeof value === 'string' ? wellFormed(value) : value)),
  );
  return Buffer.concat([Buffer.from(`${json.length}\n`), json]);
}

/**
 * Takes reply frames `\x1e<nonce> <bytes> <hash>\n<json>\n` out of a byte stream. Everything outside frames is
 * stray output, kept up to a bound for diagnosis.
 */
export class FrameDecoder {
  readonly #prefix: Buffer;
  readonly #maxBytes: number;
  #pending = NOTHING;
  #body: { readonly bytes: Buffer; filled: number; readonly hash: string } | undefined;
  #stray = '';

  constructor(nonce: string, maxBytes = MAX_REPLY_BYTES) {
    this.#prefix = Buffer.from(`${String.fromCharCode(START)}${nonce} `);
    this.#maxBytes = maxBytes;
  }

  /** Output seen outside frames so far, bounded. Hostile text: for the log, never for a message. */
  get stray(): string {
    return this.#stray;
  }

  /**
   * Adds a piece of the stream and returns the JSON texts of the frames that are complete now.
   * @throws PfsenseError `reply_too_large`, or `bad_reply` for a broken header, length or hash.
   */
  push(chunk: Buffer): string[] {
    const frames: string[] = [];
    let rest = chunk;
    while (rest.length > 0) {
      rest = this.#body ? this.#fill(rest, frames) : this.#seek(rest);
    }
    return frames;
  }

  /** Looks for a header; returns what follows it, or nothing while it is incomplete. */
  #seek(chunk: Buffer): Buffer {
    const bytes = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk;
    this.#pending = NOTHING;
    const start = this.#findStart(bytes);
    this.#keepStray(bytes.subarray(0, start));
    if (start + this.#prefix.length > bytes.length) return this.#keep(bytes.subarray(start));
    const end = bytes.indexOf(NEWLINE, start);
    const headerEnd = end === -1 ? bytes.length : end;
    if (headerEnd - start > this.#prefix.length + 40) throw broken('header');
    if (end === -1) return this.#keep(bytes.subarray(start));
    this.#open(bytes.toString('latin1', start + this.#prefix.length, end));
    return bytes.subarray(end + 1);
  }

  /** Where the prefix begins, complete or cut off at the end; the length when it does not occur. */
  #findStart(bytes: Buffer): number {
    const whole = bytes.indexOf(this.#prefix);
    if (whole !== -1) return whole;
    for (let at = Math.max(0, bytes.length - this.#prefix.length + 1); at < bytes.length; at += 1) {
      if (this.#prefix.subarray(0, bytes.length - at).equals(bytes.subarray(at))) return at;
    }
    return bytes.length;
  }

  #keep(bytes: Buffer): Buffer {
    this.#pending = Buffer.from(bytes);
    return NOTHING;
  }

  #open(header: string): void {
    const match = /^(\d{1,10}) ([0-9a-f]{8})$/.exec(header);
    if (!match) throw broken('header');
    const length = Number(match[1]);
    if (length > this.#maxBytes) {
      throw new PfsenseError('reply_too_large', `The answer has ${length} bytes; the limit is ${this.#maxBytes}.`, {
        phase: 'reply',
      });
    }
    // One byte more for the newline that ends the frame.
    this.#body = { bytes: Buffer.allocUnsafe(length + 1), filled: 0, hash: match[2] ?? '' };
  }

  #fill(chunk: Buffer, frames: string[]): Buffer {
    const body = this.#body;
    if (!body) return chunk;
    const taken = chunk.copy(body.bytes, body.filled);
    body.filled += taken;
    if (body.filled === body.bytes.length) {
      this.#body = undefined;
      frames.push(checked(body.bytes, body.hash));
    }
    return chunk.subarray(taken);
  }

  #keepStray(bytes: Buffer): void {
    const room = MAX_STRAY_BYTES - this.#stray.length;
    if (room > 0) this.#stray += bytes.toString('latin1', 0, Math.min(bytes.length, room));
  }
}

function wellFormed(text: string): string {
  return /\p{Surrogate}/u.test(text) ? text.replace(/\p{Surrogate}/gu, '\ufffd') : text;
}

function checked(bytes: Buffer, hash: string): string {
  const json = bytes.subarray(0, -1);
  const actual = createHash('sha256').update(json).digest('hex').slice(0, 8);
  if (bytes.at(-1) !== NEWLINE || actual !== hash) throw broken('checksum');
  return json.toString('utf8');
}

function broken(part: string): PfsenseError {
  return new PfsenseError('bad_reply', `The answer of the firewall has a broken frame (${part}).`, { phase: 'reply' });
}
