import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Seals what this user's processes write, with a key in a file of its own, so that a file written by hand is told apart.
 * No boundary against whoever can read that key.
 */
export class Seal {
  readonly #file: string;
  #key: Buffer | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  of(value: unknown): string {
    return createHmac('sha256', this.#load()).update(JSON.stringify(value)).digest('hex');
  }

  fits(value: unknown, seal: unknown): boolean {
    const [expected, given] = [this.of(value), seal].map((text) => Buffer.from(String(text)));
    return expected !== undefined && given !== undefined && expected.length === given.length
      ? timingSafeEqual(expected, given)
      : false;
  }

  #load(): Buffer {
    this.#key ??= this.#read() ?? this.#make();
    return this.#key;
  }

  #read(): Buffer | undefined {
    try {
      const key = Buffer.from(readFileSync(this.#file, 'utf8'), 'hex');
      return key.length === 32 ? key : undefined;
    } catch {
      return undefined;
    }
  }

  /** Whoever comes second takes the key of whoever came first. */
  #make(): Buffer {
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
    try {
      writeFileSync(this.#file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
    } catch {
      // It is there by now.
    }
    const key = this.#read();
    if (key === undefined) throw new Error(`${this.#file} holds no key`);
    return key;
  }
}
