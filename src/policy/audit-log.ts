import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { wallMs } from '../core/clock.ts';
import { PfsenseError } from '../core/errors.ts';
import { outgoingText } from '../core/outlet.ts';
import {
  type Anchor,
  Anchor as AnchorSchema,
  type AuditEvent,
  type AuditVerdict,
  chain,
  START,
  verifyChain,
} from './audit-chain.ts';

const LOCK_MS = 1_000;
const STALE_LOCK_MS = 10_000;

function outgoingEvent(event: AuditEvent): AuditEvent {
  return { ...event, arguments: outgoingText(event.arguments), outcome: outgoingText(event.outcome) };
}

/** The append-only log of all calls in `audit.jsonl`; several processes may write to it. */
export class AuditLog {
  readonly #log: string;
  readonly #head: string;
  readonly #lock: string;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#log = join(folder, 'audit.jsonl');
    this.#head = join(folder, 'audit.head');
    this.#lock = join(folder, 'audit.lock');
  }

  /**
   * Appends one event. What changes something is on the disk before this returns.
   * @throws PfsenseError `internal` when it cannot be written: then nothing must be changed.
   */
  append(event: AuditEvent): void {
    this.#locked(() => {
      const entry = chain(this.#readHead() ?? START, outgoingEvent(event));
      const file = openSync(this.#log, 'a', 0o600);
      try {
        writeSync(file, `${JSON.stringify(entry)}\n`);
        if (event.effect !== 'read') fsyncSync(file);
      } finally {
        closeSync(file);
      }
      writeFileSync(`${this.#head}.new`, JSON.stringify({ seq: entry.seq, hash: entry.hash }), { mode: 0o600 });
      renameSync(`${this.#head}.new`, this.#head);
    });
  }

  verify(): AuditVerdict {
    return this.#locked(() => verifyChain(this.#lines(), this.#readHead()));
  }

  #lines(): string[] {
    try {
      return readFileSync(this.#log, 'utf8')
        .split('\n')
        .filter((line) => line !== '');
    } catch {
      return [];
    }
  }

  #readHead(): Anchor | undefined {
    try {
      return AnchorSchema.parse(JSON.parse(readFileSync(this.#head, 'utf8')));
    } catch {
      return undefined;
    }
  }

  #locked<T>(work: () => T): T {
    this.#takeLock();
    try {
      return work();
    } finally {
      rmSync(this.#lock, { force: true });
    }
  }

  #takeLock(): void {
    const until = wallMs() + LOCK_MS;
    while (wallMs() < until) {
      try {
        closeSync(openSync(this.#lock, 'wx', 0o600));
        return;
      } catch {
        this.#dropStaleLock();
        // Held for well under a millisecond; a blocking wait keeps appending synchronous.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
      }
    }
    throw new PfsenseError('internal', 'The audit log is locked or cannot be written.', {
      phase: 'policy',
      hint: 'Check the state directory: free space, owner, and a left-over audit.lock.',
    });
  }

  /** Its owner was killed while it held the lock. */
  #dropStaleLock(): void {
    try {
      if (wallMs() - statSync(this.#lock).mtimeMs > STALE_LOCK_MS) rmSync(this.#lock, { force: true });
    } catch {
      // It is gone already.
    }
  }
}
